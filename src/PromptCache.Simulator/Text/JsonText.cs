using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PromptCache.Simulator.Text;

/// <summary>A JSON string as UTF-8; what is no text (a lone surrogate, broken UTF-8) becomes U+FFFD, as a tokenizer sees it.</summary>
internal static class JsonText
{
    public static byte[] Utf8(JsonElement element) => Encoding.UTF8.GetBytes(Of(element));

    public static string Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "" : element.GetRawText();
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(element.GetRawText().AsSpan()[1..^1]);
        }
    }

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var chars = new ArrayBufferWriter<char>(raw.Length + 1);
        while (raw.Length > 0)
        {
            var (unit, used) = raw is ['\\', 'u', ..]
                ? ((char)ushort.Parse(raw.Slice(2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture), 6)
                : raw is ['\\', var escaped, ..] ? (Simple(escaped), 2) : (raw[0], 1);
            chars.Write([unit]);
            raw = raw[used..];
        }

        // A lone surrogate does not survive the way through UTF-8: it comes back as U+FFFD.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(chars.WrittenSpan.ToArray()));
    }

    private static char Simple(char escaped) => escaped switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => escaped,
    };
}
