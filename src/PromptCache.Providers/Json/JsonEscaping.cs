using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PromptCache.Providers.Json;

/// <summary>Between the text of a JSON string and the text that it stands for. Total: any input gives an output.</summary>
internal static class JsonEscaping
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Escapes only what JSON demands, in one form each: the same text always gives the same bytes.</summary>
    public static void Escape(ReadOnlySpan<byte> utf8, IBufferWriter<byte> output)
    {
        while (true)
        {
            var at = utf8.IndexOfAny(MustEscape);
            if (at < 0)
            {
                output.Write(utf8);
                return;
            }

            output.Write(utf8[..at]);
            EscapeOne(utf8[at], output);
            utf8 = utf8[(at + 1)..];
        }
    }

    /// <summary>Undoes the escapes in the inside of a JSON string. Half a surrogate pair becomes U+FFFD.</summary>
    public static void Unescape(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (true)
        {
            var at = text.IndexOf((byte)'\\');
            if (at < 0 || at + 1 >= text.Length)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..at]);
            text = text[(at + 1)..];
            if (text[0] != (byte)'u')
            {
                output.Write([Plain(text[0])]);
                text = text[1..];
                continue;
            }

            text = UnescapeUnit(text, output);
        }
    }

    private static ReadOnlySpan<byte> UnescapeUnit(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var rune = Rune.ReplacementChar;
        var used = Math.Min(5, text.Length);
        if (TryUnit(text, out var high))
        {
            if (!char.IsSurrogate(high))
            {
                rune = new(high);
            }
            else if (text.Length >= 11 && text[5] == (byte)'\\' && text[6] == (byte)'u' && TryUnit(text[6..], out var low) && Rune.TryCreate(high, low, out var pair))
            {
                rune = pair;
                used = 11;
            }
        }

        output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        return text[used..];
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 5 || !Utf8Parser.TryParse(text.Slice(1, 4), out ushort value, out var read, 'x') || read != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }

    private static byte Plain(byte escaped) => escaped switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escaped,
    };

    private static void EscapeOne(byte value, IBufferWriter<byte> output)
    {
        switch (value)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            default:
                output.Write("\\u"u8);
                value.TryFormat(output.GetSpan(4), out var written, "x4", CultureInfo.InvariantCulture);
                output.Advance(written);
                break;
        }
    }
}
