using System.Text.Json;

namespace PromptCache.Providers.Json;

/// <summary>Walks the elements of an array that is known to be well-formed.</summary>
internal ref struct JsonItems
{
    private readonly ReadOnlySpan<byte> _raw;
    private Utf8JsonReader _reader;

    internal JsonItems(JsonValue owner)
    {
        _raw = owner.IsArray ? owner.Raw : default;
        _reader = new Utf8JsonReader(_raw, JsonValue.Options);
        Index = -1;
        if (!_raw.IsEmpty)
        {
            _reader.Read();
        }
    }

    public JsonValue Value { get; private set; }

    public int Index { get; private set; }

    public bool MoveNext()
    {
        if (_raw.IsEmpty || !_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Value = new(_raw[start..(int)_reader.BytesConsumed]);
        Index++;
        return true;
    }
}
