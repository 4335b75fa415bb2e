using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PromptCache.Providers.Json;

/// <summary>Writes compact JSON; raw values go through as they are, so that what was stable stays stable.</summary>
/// <remarks>Unlike <see cref="System.Text.Json.Utf8JsonWriter"/> it re-escapes nothing and can build one string from several raw pieces. Who calls it keeps the brackets balanced.</remarks>
internal sealed class JsonOut(IBufferWriter<byte> output)
{
    private bool _needsComma;

    public void BeginObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void BeginArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    /// <summary>Writes a member's name, which needs no escaping.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Put((byte)'"');
        output.Write(name);
        output.Write("\":"u8);
        _needsComma = false;
    }

    /// <summary>Writes a member's name as it stood, quotes included.</summary>
    public void RawName(ReadOnlySpan<byte> quoted)
    {
        Separate();
        output.Write(quoted);
        Put((byte)':');
        _needsComma = false;
    }

    /// <summary>Writes a value as it stands.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        output.Write(json);
        _needsComma = true;
    }

    /// <summary>Writes a value with its line breaks, which in JSON stand only between tokens, as spaces: inside a stream one would end the event.</summary>
    public void RawOnOneLine(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            Raw(json);
            return;
        }

        var copy = json.ToArray();
        copy.AsSpan().Replace((byte)'\r', (byte)' ');
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        Raw(copy);
    }

    /// <summary>Writes a string of raw pieces: each is the inside of a JSON string, escapes and all.</summary>
    public void RawText(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
    {
        BeginText();
        output.Write(first);
        output.Write(second);
        output.Write(third);
        EndText();
    }

    /// <summary>Opens a string whose pieces follow.</summary>
    public void BeginText()
    {
        Separate();
        Put((byte)'"');
    }

    /// <summary>Adds the inside of a JSON string, escapes and all, to the open string.</summary>
    public void TextPiece(ReadOnlySpan<byte> raw) => output.Write(raw);

    /// <summary>Closes the open string.</summary>
    public void EndText()
    {
        Put((byte)'"');
        _needsComma = true;
    }

    /// <summary>Writes plain UTF-8 as a string; bytes that are no UTF-8 become U+FFFD.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Separate();
        Put((byte)'"');
        if (Utf8.IsValid(utf8))
        {
            JsonEscaping.Escape(utf8, output);
        }
        else
        {
            JsonEscaping.Escape(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8)), output);
        }

        Put((byte)'"');
        _needsComma = true;
    }

    public void Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public void Number(long number)
    {
        Separate();
        var span = output.GetSpan(20);
        number.TryFormat(span, out var written);
        output.Advance(written);
        _needsComma = true;
    }

    public void Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        Name(name);
        Raw(json);
    }

    public void Member(ReadOnlySpan<byte> name, long number)
    {
        Name(name);
        Number(number);
    }

    private void Open(byte bracket)
    {
        Separate();
        Put(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        Put(bracket);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            Put((byte)',');
        }
    }

    private void Put(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
