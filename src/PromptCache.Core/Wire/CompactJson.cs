using System.Buffers;
using System.Security.Cryptography;

namespace PromptCache.Core.Wire;

/// <summary>Writes well-formed JSON in one spelling: no white space outside strings, strings as <see cref="JsonEscapes.Normalize"/> has them, key order and numbers as sent.</summary>
internal static class CompactJson
{
    // A data URL or a base64 payload; no text in any language looks like that over this length.
    private const int ShortestPayload = 512;

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\\"u8);

    /// <summary>Appends a value, or any run of members or items.</summary>
    public static void Append(ReadOnlySpan<byte> json, PooledBytes output) => Append(json, output, digests: false);

    /// <summary>Appends a value with a digest in place of every embedded file: <c>#</c>, which begins no JSON value, and the 32 bytes of SHA-256 over the decoded string.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool AppendDigesting(ReadOnlySpan<byte> json, PooledBytes output) => Append(json, output, digests: true);

    private static bool Append(ReadOnlySpan<byte> json, PooledBytes output, bool digests)
    {
        // Nothing below makes the text longer: an escape's one spelling is its shortest, and a digest replaces 512 bytes and more.
        var target = output.GetSpan(json.Length);
        var written = 0;
        var at = 0;
        var digested = false;
        while (at < json.Length)
        {
            if (json[at] != (byte)'"')
            {
                if (json[at] > (byte)' ')
                {
                    target[written++] = json[at];
                }

                at++;
                continue;
            }

            var end = JsonScan.StringEnd(json, at);
            var raw = json[(at + 1)..(end - 1)];
            at = end;
            if (digests && IsPayload(raw))
            {
                written += Digest(raw, target[written..]);
                digested = true;
                continue;
            }

            target[written++] = (byte)'"';
            written += JsonEscapes.Normalize(raw, target[written..]);
            target[written++] = (byte)'"';
        }

        output.Advance(written);
        return digested;
    }

    private static bool IsPayload(ReadOnlySpan<byte> raw)
        => raw.Length >= ShortestPayload
            && ((raw.StartsWith("data:"u8) && raw[..256].IndexOf(";base64,"u8) >= 0) || !raw.ContainsAnyExcept(Base64));

    private static int Digest(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        // The digest's own place doubles as scratch: the string fits there.
        var length = JsonEscapes.Decode(raw, target);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(target[..length], digest);
        target[0] = (byte)'#';
        digest.CopyTo(target[1..]);
        return 1 + digest.Length;
    }
}
