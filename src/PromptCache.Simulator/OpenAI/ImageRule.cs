using System.Buffers.Binary;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Tokens of an image by OpenAI's rule for tiles ("Images and vision", calculating costs).</summary>
/// <remarks>
/// Low detail: 85. Else 85 and 170 for each tile of 512 x 512, after fitting the image into 2048 x 2048 and its shorter side into 768.
/// Sizes are read from PNG data URLs; any other image counts as one of 1024 x 1024, which is 765.
/// </remarks>
internal static class ImageRule
{
    private const int Base = 85;
    private const int Tile = 170;

    public static int Tokens(JsonElement image)
    {
        if (image.Text("detail") == "low")
        {
            return Base;
        }

        var (width, height) = Size(image.Text("url"));
        Shrink(ref width, ref height, Math.Max(width, height), 2048);
        Shrink(ref width, ref height, Math.Min(width, height), 768);
        return Base + (Tile * Tiles(width) * Tiles(height));
    }

    private static int Tiles(int side) => (side + 511) / 512;

    private static void Shrink(ref int width, ref int height, int side, int limit)
    {
        if (side > limit)
        {
            (width, height) = ((int)Math.Max(1, (long)width * limit / side), (int)Math.Max(1, (long)height * limit / side));
        }
    }

    private static (int Width, int Height) Size(string url)
    {
        const string Png = "data:image/png;base64,";
        Span<byte> head = stackalloc byte[24];
        return url.StartsWith(Png, StringComparison.Ordinal) && url.Length >= Png.Length + 32
            && Convert.TryFromBase64Chars(url.AsSpan(Png.Length, 32), head, out _) && head[12..16].SequenceEqual("IHDR"u8)
            ? (BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]))
            : (1024, 1024);
    }
}
