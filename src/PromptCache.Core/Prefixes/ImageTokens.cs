using System.Buffers;
using System.Buffers.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Tokens of an image, by the rule that OpenAI documents for its tile-based models ("Images and vision", calculating costs; GPT-4o's numbers).</summary>
/// <remarks>
/// Low detail: 85. Else: fit into 2048 x 2048, then scale the shorter side down to 768, then 170 for each 512 x 512 tile that is touched, and 85.
/// Where the size cannot be known (a URL, an unknown format), a 1024 x 1024 image is assumed: 4 tiles.
/// </remarks>
internal static class ImageTokens
{
    public const int Low = 85;
    public const int Tile = 170;
    public const int Default = Low + (4 * Tile);

    // Enough for a JPEG's size behind its EXIF block and colour profile.
    private const int HeaderBytes = 96 * 1024;

    /// <summary>Tokens of an image that is given by its URL.</summary>
    /// <param name="raw">As it stands in the body, without quotes.</param>
    public static int OfUrl(ReadOnlySpan<byte> raw)
    {
        if (!raw.StartsWith("data:"u8))
        {
            return Default;
        }

        var start = raw[..Math.Min(raw.Length, 256)].IndexOf(";base64,"u8);
        return start < 0 ? Default : OfBase64(raw[(start + ";base64,".Length)..]);
    }

    /// <summary>Tokens of an image that is given as base64.</summary>
    /// <inheritdoc cref="OfUrl"/>
    public static int OfBase64(ReadOnlySpan<byte> raw)
    {
        // A first look that holds every PNG, GIF and WebP; only a JPEG needs more.
        return TryMeasure(raw, 192, out var tokens) || TryMeasure(raw, HeaderBytes, out tokens) ? tokens : Default;
    }

    /// <summary>Tokens of an image of that size in high detail.</summary>
    public static int OfSize(int width, int height)
    {
        long w = Math.Max(1, width);
        long h = Math.Max(1, height);
        (w, h) = Fit(w, h, Math.Max(w, h), 2048);
        (w, h) = Fit(w, h, Math.Min(w, h), 768);
        return (int)(Low + (Tile * ((w + 511) / 512) * ((h + 511) / 512)));
    }

    private static (long Width, long Height) Fit(long width, long height, long side, long limit)
        => side <= limit ? (width, height) : (Math.Max(1, width * limit / side), Math.Max(1, height * limit / side));

    private static bool TryMeasure(ReadOnlySpan<byte> raw, int bytes, out int tokens)
    {
        // Cut between characters: an escape that is cut in two is dropped with what follows it.
        raw = raw[..Math.Min(raw.Length, bytes / 3 * 4)];
        var escape = raw.Contains((byte)'\\') ? raw.LastIndexOf((byte)'\\') : -1;
        raw = escape >= 0 && raw.Length - escape < 6 ? raw[..escape] : raw;

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length + 1);
        try
        {
            var text = buffer.AsSpan(0, JsonEscapes.Decode(raw, buffer));
            Base64.DecodeFromUtf8InPlace(text[..(text.Length / 4 * 4)], out var written);
            var known = ImageSize.TryRead(buffer.AsSpan(0, written), out var width, out var height);
            tokens = known ? OfSize(width, height) : Default;
            return known;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
