using System.Buffers;
using System.Text.Json;

namespace PromptCache.Core.Tokens;

/// <summary>JSON values as the text that a model reads: strings without quotes and escapes, all else compact.</summary>
internal static class JsonPlainText
{
    public static void Append(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        if (json is [(byte)'"', .., (byte)'"'])
        {
            AppendInner(json[1..^1], output);
        }
        else
        {
            AppendCompact(json, output);
        }
    }

    /// <summary>What stands between a string's quotes.</summary>
    public static void AppendInner(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        if (raw.Contains((byte)'\\') && TryUnescape(raw, output))
        {
            return;
        }

        output.Write(raw);
    }

    /// <summary>Drops the white space outside strings.</summary>
    public static void AppendCompact(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var inString = false;
        var target = output.GetSpan(json.Length + 1);
        var written = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var b = json[i];
            if (!inString && b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            target[written++] = b;
            if (b == '"')
            {
                inString = !inString;
            }
            else if (inString && b == '\\' && i + 1 < json.Length)
            {
                target[written++] = json[++i];
            }
        }

        output.Advance(written);
    }

    private static bool TryUnescape(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        // The reader wants the quotes; they are put on here, so that a name and a value take the same way.
        var quoted = new byte[raw.Length + 2];
        quoted[0] = (byte)'"';
        raw.CopyTo(quoted.AsSpan(1));
        quoted[^1] = (byte)'"';
        var reader = new Utf8JsonReader(quoted);
        try
        {
            reader.Read();
            output.Advance(reader.CopyString(output.GetSpan(quoted.Length)));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;   // half a surrogate pair, or invalid UTF-8: the text as written is as good a guess
        }
    }
}
