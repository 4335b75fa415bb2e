using System.Buffers;

namespace PromptCache.Core.Wire;

/// <summary>Finds where values end in JSON that is known to be well-formed: a <see cref="System.Text.Json.Utf8JsonReader"/> has read it to its end.</summary>
/// <remarks>The reader walks a string byte by byte behind its first escape; prompts are full of <c>\n</c>. What is known to be valid can be jumped over.</remarks>
internal static class JsonScan
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",}] \n\r\t"u8);

    /// <summary>The position of the first byte at or behind <paramref name="at"/> that is not white space.</summary>
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] <= (byte)' ')
        {
            at++;
        }

        return at;
    }

    /// <summary>The position behind the closing quote of the string that opens at <paramref name="start"/>.</summary>
    public static int StringEnd(ReadOnlySpan<byte> json, int start)
    {
        var at = start + 1;
        while (true)
        {
            var quote = at + json[at..].IndexOf((byte)'"');
            var backslashes = 0;
            while (quote - 1 - backslashes > start && json[quote - 1 - backslashes] == (byte)'\\')
            {
                backslashes++;
            }

            if ((backslashes & 1) == 0)
            {
                return quote + 1;
            }

            at = quote + 1;
        }
    }

    /// <summary>The position behind the value that starts at <paramref name="start"/>.</summary>
    public static int ValueEnd(ReadOnlySpan<byte> json, int start)
    {
        switch (json[start])
        {
            case (byte)'"':
                return StringEnd(json, start);
            case (byte)'{' or (byte)'[':
                return ContainerEnd(json, start);
            default:
                var length = json[start..].IndexOfAny(ScalarEnd);
                return length < 0 ? json.Length : start + length;
        }
    }

    /// <summary>The type of the value that starts at <paramref name="start"/>.</summary>
    public static JsonKind KindAt(ReadOnlySpan<byte> json, int start) => json[start] switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.String,
        (byte)'t' => JsonKind.True,
        (byte)'f' => JsonKind.False,
        (byte)'n' => JsonKind.Null,
        _ => JsonKind.Number,
    };

    /// <summary>Whether a member is absent or its value is null.</summary>
    public static bool IsNullOrAbsent(ReadOnlySpan<byte> json, ByteRange value) => value.IsEmpty || json[value.Start] == (byte)'n';

    /// <summary>What stands between a string's quotes.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> json, ByteRange value) => json[(value.Start + 1)..(value.End - 1)];

    private static int ContainerEnd(ReadOnlySpan<byte> json, int start)
    {
        var depth = 0;
        var at = start;
        while (true)
        {
            at += json[at..].IndexOfAny(Structure);
            switch (json[at])
            {
                case (byte)'"':
                    at = StringEnd(json, at);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            at++;
            if (depth == 0)
            {
                return at;
            }
        }
    }
}
