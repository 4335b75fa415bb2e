using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace PromptCache.Gateway.Forwarding;

/// <summary>Takes the content coding off a reply that has to be read. It was asked for without one; some servers compress whatever they are asked.</summary>
/// <remarks>Decoded as it comes, in pieces: a reply that decodes to a thousand times its size takes no more memory than one that was sent at that size.</remarks>
internal static class ContentCodings
{
    /// <summary>More than one is legal and never seen; a hundred are an attack.</summary>
    private const int MaxCodings = 2;

    /// <summary>Puts what a reply decodes to in its place, without the headers that spoke of the encoded bytes.</summary>
    /// <returns>Whether the reply can be read: false when a coding is not known, and then it stays as it is.</returns>
    /// <remarks>What is not encoded as it says shows when it is read, as an <see cref="InvalidDataException"/>.</remarks>
    public static async ValueTask<bool> DecodeAsync(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        var codings = Of(reply.Content);
        if (codings.Length == 0)
        {
            return true;
        }

        if (codings.Length > MaxCodings || !codings.All(IsKnown))
        {
            return false;
        }

        var stream = await reply.Content.ReadAsStreamAsync(cancellationToken);
        foreach (var coding in codings.Reverse())
        {
            stream = Decode(stream, coding);
        }

        var decoded = new StreamContent(stream);
        foreach (var (name, values) in reply.Content.Headers.NonValidated)
        {
            if (!IsOfTheCoded(name))
            {
                decoded.Headers.TryAddWithoutValidation(name, values);
            }
        }

        reply.Content = decoded;
        return true;
    }

    private static string[] Of(HttpContent content)
        => content.Headers.NonValidated.TryGetValues(HeaderNames.ContentEncoding, out var values)
            ? [.. values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(c => c.ToLowerInvariant()).Where(c => c != "identity")]
            : [];

    private static bool IsKnown(string coding) => coding is "gzip" or "x-gzip" or "br" or "deflate";

    private static bool IsOfTheCoded(string name)
        => name.Equals(HeaderNames.ContentEncoding, StringComparison.OrdinalIgnoreCase)
            || name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
            || name.Equals(HeaderNames.ContentMD5, StringComparison.OrdinalIgnoreCase);

    private static Stream Decode(Stream stream, string coding) => coding switch
    {
        "br" => new BrotliStream(stream, CompressionMode.Decompress),
        "deflate" => new ZLibStream(stream, CompressionMode.Decompress),
        _ => new GZipStream(stream, CompressionMode.Decompress),
    };
}
