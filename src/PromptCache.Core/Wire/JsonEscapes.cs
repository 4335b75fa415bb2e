using System.Text;

namespace PromptCache.Core.Wire;

/// <summary>Escapes in well-formed JSON strings. A surrogate that stands alone becomes U+FFFD, everywhere alike.</summary>
internal static class JsonEscapes
{
    private const uint Replacement = 0xFFFD;

    /// <summary>Decodes what stands between a string's quotes.</summary>
    /// <param name="raw">The string without its quotes.</param>
    /// <param name="output">At least as long as <paramref name="raw"/>: decoding never makes it longer.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> raw, Span<byte> output)
    {
        var written = 0;
        while (CopyToEscape(ref raw, output, ref written))
        {
            raw = raw[Read(raw, out var scalar)..];
            written += new Rune(scalar).EncodeToUtf8(output[written..]);
        }

        return written;
    }

    /// <summary>Copies what stands between a string's quotes with one spelling for each character: escaped are the quote, the backslash and control characters, nothing else.</summary>
    /// <inheritdoc cref="Decode"/>
    public static int Normalize(ReadOnlySpan<byte> raw, Span<byte> output)
    {
        var written = 0;
        while (CopyToEscape(ref raw, output, ref written))
        {
            raw = raw[Read(raw, out var scalar)..];
            written += Write(scalar, output[written..]);
        }

        return written;
    }

    /// <summary>Whether a raw name or string, without its quotes, spells <paramref name="text"/>.</summary>
    public static bool Spells(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text)
    {
        if (raw.Length == text.Length)
        {
            return raw.SequenceEqual(text) && !raw.Contains((byte)'\\');
        }

        // An escape is at most six bytes for one of the text's.
        if (raw.Length < text.Length || raw.Length > text.Length * 6 || !raw.Contains((byte)'\\'))
        {
            return false;
        }

        Span<byte> decoded = raw.Length <= 256 ? stackalloc byte[256] : new byte[raw.Length];
        return decoded[..Decode(raw, decoded)].SequenceEqual(text);
    }

    /// <summary>Decodes what stands between a string's quotes into a string.</summary>
    public static string DecodeToString(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(raw);
        }

        var decoded = new byte[raw.Length];
        return Encoding.UTF8.GetString(decoded.AsSpan(0, Decode(raw, decoded)));
    }

    private static bool CopyToEscape(ref ReadOnlySpan<byte> raw, Span<byte> output, ref int written)
    {
        var plain = raw.IndexOf((byte)'\\');
        var block = plain < 0 ? raw : raw[..plain];
        block.CopyTo(output[written..]);
        written += block.Length;
        raw = raw[block.Length..];
        return plain >= 0;
    }

    /// <summary>Reads the escape at the front; returns its length.</summary>
    private static int Read(ReadOnlySpan<byte> raw, out uint scalar)
    {
        scalar = raw[1] switch
        {
            (byte)'n' => '\n',
            (byte)'t' => '\t',
            (byte)'r' => '\r',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'u' => Replacement,
            var itself => itself,
        };
        return raw[1] == (byte)'u' ? ReadUnicode(raw, out scalar) : 2;
    }

    private static int ReadUnicode(ReadOnlySpan<byte> raw, out uint scalar)
    {
        scalar = CodeUnit(raw);
        if (!char.IsSurrogate((char)scalar))
        {
            return 6;
        }

        if (char.IsHighSurrogate((char)scalar) && raw.Length >= 12 && raw[6] == (byte)'\\' && raw[7] == (byte)'u')
        {
            var low = (char)CodeUnit(raw[6..]);
            if (char.IsLowSurrogate(low))
            {
                scalar = (uint)char.ConvertToUtf32((char)scalar, low);
                return 12;
            }
        }

        scalar = Replacement;
        return 6;
    }

    private static uint CodeUnit(ReadOnlySpan<byte> escape)
    {
        uint unit = 0;
        foreach (var digit in escape.Slice(2, 4))
        {
            unit = (unit << 4) | (uint)(digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }

    private static int Write(uint scalar, Span<byte> output)
    {
        if (scalar >= ' ' && scalar is not ('"' or '\\'))
        {
            return new Rune(scalar).EncodeToUtf8(output);
        }

        output[0] = (byte)'\\';
        output[1] = scalar switch
        {
            '\n' => (byte)'n',
            '\t' => (byte)'t',
            '\r' => (byte)'r',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '"' or '\\' => (byte)scalar,
            _ => (byte)'u',
        };
        if (output[1] != (byte)'u')
        {
            return 2;
        }

        "00"u8.CopyTo(output[2..]);
        output[4] = (byte)('0' + (scalar >> 4));
        output[5] = "0123456789abcdef"u8[(int)(scalar & 15)];
        return 6;
    }
}
