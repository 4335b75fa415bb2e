using System.Text.Json;

namespace PromptCache.Providers.Json;

/// <summary>Walks the members of an object that is known to be well-formed.</summary>
internal ref struct JsonMembers
{
    private readonly ReadOnlySpan<byte> _raw;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _name;

    internal JsonMembers(JsonValue owner)
    {
        _raw = owner.IsObject ? owner.Raw : default;
        _reader = new Utf8JsonReader(_raw, JsonValue.Options);
        if (!_raw.IsEmpty)
        {
            _reader.Read();
        }
    }

    /// <summary>The name as it stands, with its quotes.</summary>
    public readonly ReadOnlySpan<byte> RawName => _name;

    public JsonValue Value { get; private set; }

    public bool MoveNext()
    {
        if (_raw.IsEmpty || !_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        var nameStart = (int)_reader.TokenStartIndex;
        _name = _raw.Slice(nameStart, _reader.ValueSpan.Length + 2);
        _reader.Read();
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Value = new(_raw[start..(int)_reader.BytesConsumed]);
        return true;
    }

    /// <summary>Whether the member has that name; escapes are understood.</summary>
    public readonly bool NameIs(ReadOnlySpan<byte> name) => _name[1..^1].SequenceEqual(name) || (_name.Contains((byte)'\\') && new JsonValue(_name).Is(name));
}
