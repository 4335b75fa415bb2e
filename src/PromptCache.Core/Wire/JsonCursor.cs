namespace PromptCache.Core.Wire;

/// <summary>Walks JSON that is known to be well-formed, value by value. Positions are those of the whole text.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, int position)
{
    private int _position = JsonScan.SkipSpace(json, position);
    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Where the next value starts.</summary>
    public readonly int Position => _position;

    /// <summary>The type of the next value.</summary>
    public readonly JsonKind Kind => JsonScan.KindAt(_json, _position);

    /// <summary>Steps behind the bracket that opens an object or an array.</summary>
    public void Enter() => _position++;

    /// <summary>Steps to the value of the object's next member; false, and behind the object, when there is none left.</summary>
    /// <param name="name">The name with its quotes.</param>
    public bool NextMember(out ByteRange name)
    {
        if (!NextItem())
        {
            name = default;
            return false;
        }

        var end = JsonScan.StringEnd(_json, _position);
        name = new ByteRange(_position, end - _position);
        var colon = JsonScan.SkipSpace(_json, end);
        _position = JsonScan.SkipSpace(_json, colon + 1);
        return true;
    }

    /// <summary>Steps to the array's next item; false, and behind the array, when there is none left.</summary>
    public bool NextItem()
    {
        _position = JsonScan.SkipSpace(_json, _position);
        switch (_json[_position])
        {
            case (byte)']' or (byte)'}':
                _position++;
                return false;
            case (byte)',':
                _position = JsonScan.SkipSpace(_json, _position + 1);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Steps over the next value and says where it stands.</summary>
    public ByteRange Skip()
    {
        var start = _position;
        _position = JsonScan.ValueEnd(_json, start);
        return new ByteRange(start, _position - start);
    }
}
