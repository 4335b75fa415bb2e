using System.Buffers.Text;
using System.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Decodes JSON strings that may hold anything. The framework's reader throws at half a surrogate pair, which upstreams send when a character falls between two chunks.</summary>
internal static class JsonText
{
    /// <summary>Appends the text of a string whose quotes are off and whose escapes a JSON reader has found well-formed; half a pair becomes U+FFFD.</summary>
    public static void Unescape(ReadOnlySpan<byte> raw, PooledBytes output)
    {
        while (raw.IndexOf((byte)'\\') is var at and >= 0)
        {
            output.Write(raw[..at]);
            raw = raw[at..];
            raw = raw[(raw is [_, (byte)'u', ..] ? UnescapeUnit(raw, output) : UnescapeLetter(raw, output))..];
        }

        output.Write(raw);
    }

    private static int UnescapeLetter(ReadOnlySpan<byte> raw, PooledBytes output)
    {
        output.Write(raw[1] switch
        {
            (byte)'n' => "\n"u8,
            (byte)'t' => "\t"u8,
            (byte)'r' => "\r"u8,
            (byte)'b' => "\b"u8,
            (byte)'f' => "\f"u8,
            _ => raw.Slice(1, 1),
        });
        return 2;
    }

    private static int UnescapeUnit(ReadOnlySpan<byte> raw, PooledBytes output)
    {
        var high = Hex(raw);
        var length = 6;
        var isRune = Rune.TryCreate(high, out var rune);
        if (!isRune && raw.Length >= 12 && raw[6] == (byte)'\\' && raw[7] == (byte)'u' && Rune.TryCreate(high, Hex(raw[6..]), out rune))
        {
            length = 12;
            isRune = true;
        }

        output.Advance((isRune ? rune : Rune.ReplacementChar).EncodeToUtf8(output.GetSpan(4)));
        return length;
    }

    private static char Hex(ReadOnlySpan<byte> escape)
    {
        _ = Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x');
        return (char)unit;
    }
}
