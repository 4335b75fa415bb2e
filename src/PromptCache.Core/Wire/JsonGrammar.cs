using System.Buffers;

namespace PromptCache.Core.Wire;

/// <summary>Checks JSON against RFC 8259's grammar, to the letter; UTF-8 is checked elsewhere.</summary>
/// <remarks>
/// It accepts what <see cref="System.Text.Json.Utf8JsonReader"/> accepts (a test compares them), and is there because the reader goes byte by byte behind a string's
/// first escape, and throws at a fault. Prompts have an escape in every line.
/// </remarks>
internal ref struct JsonGrammar(ReadOnlySpan<byte> json, int position)
{
    /// <summary>Objects and arrays inside each other, at most: as many as one word has bits.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(c => (byte)c)]);
    private readonly ReadOnlySpan<byte> _json = json;
    private int _position = position;

    // A bit for each open container, the innermost last; set for an object.
    private ulong _objects;
    private int _depth;

    /// <summary>Where the next byte is read; after a fault, where it is.</summary>
    public readonly int Position => _position;

    /// <summary>Whether nothing but white space is left.</summary>
    public bool AtEnd()
    {
        SkipSpace();
        return _position == _json.Length;
    }

    /// <summary>Steps over one byte, and white space in front of it; false when it is another.</summary>
    public bool TryTake(byte expected)
    {
        SkipSpace();
        if (Peek() != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Steps over a string.</summary>
    /// <param name="range">Where it stands, with its quotes.</param>
    public bool TryString(out ByteRange range)
    {
        SkipSpace();
        var start = _position;
        var valid = Peek() == (byte)'"' && String();
        range = new ByteRange(start, _position - start);
        return valid;
    }

    /// <summary>Steps over a value.</summary>
    /// <param name="depth">How many containers it stands in.</param>
    /// <param name="range">Where it stands.</param>
    public JsonFault TryValue(int depth, out ByteRange range)
    {
        SkipSpace();
        var start = _position;
        (_depth, _objects) = (depth, 0);
        JsonFault fault;
        do
        {
            fault = Next();
        }
        while (fault == JsonFault.None && Close(depth, ref fault));

        range = new ByteRange(start, _position - start);
        return fault;
    }

    /// <summary>A scalar, or the front of a container up to its first scalar.</summary>
    private JsonFault Next()
    {
        while (true)
        {
            SkipSpace();
            switch (Peek())
            {
                case (byte)'{' or (byte)'[' when _depth == MaxDepth:
                    return JsonFault.TooDeep;
                case (byte)'{':
                    Push(isObject: true);
                    SkipSpace();
                    if (Peek() == (byte)'}')
                    {
                        return JsonFault.None;
                    }

                    if (!Name())
                    {
                        return JsonFault.Malformed;
                    }

                    continue;
                case (byte)'[':
                    Push(isObject: false);
                    SkipSpace();
                    if (Peek() == (byte)']')
                    {
                        return JsonFault.None;
                    }

                    continue;
                case (byte)'"':
                    return String() ? JsonFault.None : JsonFault.Malformed;
                case (byte)'t':
                    return Literal("true"u8);
                case (byte)'f':
                    return Literal("false"u8);
                case (byte)'n':
                    return Literal("null"u8);
                default:
                    return Number() ? JsonFault.None : JsonFault.Malformed;
            }
        }
    }

    /// <summary>What may stand behind a value: brackets that close, then a comma. False when the outermost value is complete, or at a fault.</summary>
    private bool Close(int outer, ref JsonFault fault)
    {
        while (_depth > outer)
        {
            SkipSpace();
            var isObject = (_objects & 1) != 0;
            if (Peek() == (isObject ? (byte)'}' : (byte)']'))
            {
                _position++;
                _depth--;
                _objects >>= 1;
                continue;
            }

            // Behind the bracket that opens, Next has looked for the one that closes: here stands a value before the comma.
            fault = Peek() == (byte)',' ? JsonFault.None : JsonFault.Malformed;
            if (fault == JsonFault.None)
            {
                _position++;
                fault = !isObject || Name() ? JsonFault.None : JsonFault.Malformed;
            }

            return fault == JsonFault.None;
        }

        return false;
    }

    private void Push(bool isObject)
    {
        _position++;
        _depth++;
        _objects = (_objects << 1) | (isObject ? 1u : 0u);
    }

    private bool Name() => TryString(out _) && TryTake((byte)':');

    private bool String()
    {
        _position++;
        while (true)
        {
            var stop = _json[_position..].IndexOfAny(StringStops);
            _position = stop < 0 ? _json.Length : _position + stop;
            switch (Peek())
            {
                case (byte)'"':
                    _position++;
                    return true;
                case (byte)'\\' when Escape():
                    continue;
                default:
                    return false;
            }
        }
    }

    private bool Escape()
    {
        var rest = _json[(_position + 1)..];
        switch (rest.IsEmpty ? default : rest[0])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                _position += 2;
                return true;
            case (byte)'u' when rest.Length >= 5 && char.IsAsciiHexDigit((char)rest[1]) && char.IsAsciiHexDigit((char)rest[2])
                && char.IsAsciiHexDigit((char)rest[3]) && char.IsAsciiHexDigit((char)rest[4]):
                _position += 6;
                return true;
            default:
                return false;
        }
    }

    private bool Number()
    {
        if (Peek() == (byte)'-')
        {
            _position++;
        }

        if (Peek() == (byte)'0')
        {
            _position++;
        }
        else if (!Digits())
        {
            return false;
        }

        if (Peek() == (byte)'.')
        {
            _position++;
            if (!Digits())
            {
                return false;
            }
        }

        if ((Peek() | 0x20) != 'e')
        {
            return true;
        }

        _position++;
        if (Peek() is (byte)'+' or (byte)'-')
        {
            _position++;
        }

        return Digits();
    }

    private bool Digits()
    {
        var start = _position;
        while (char.IsAsciiDigit((char)Peek()))
        {
            _position++;
        }

        return _position > start;
    }

    private JsonFault Literal(ReadOnlySpan<byte> text)
    {
        if (!_json[_position..].StartsWith(text))
        {
            return JsonFault.Malformed;
        }

        _position += text.Length;
        return JsonFault.None;
    }

    private void SkipSpace()
    {
        while (Peek() is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }

    // NUL stands nowhere in JSON, so it can mean the end as well.
    private readonly byte Peek() => (uint)_position < (uint)_json.Length ? _json[_position] : default;
}
