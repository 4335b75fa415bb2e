using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Usage;

/// <summary>The members of one JSON object, in order. Places are counted from the start of the bytes that the object stands in.</summary>
internal sealed class ObjectMembers
{
    private readonly List<ObjectMember> _members = new(capacity: 8);   // a usage object has three to eight

    /// <summary>No object.</summary>
    public static ObjectMembers None { get; } = new();

    public int Count => _members.Count;

    public ObjectMember this[int index] => _members[index];

    /// <summary>Lists the members of the object at <paramref name="range"/>, which a JSON reader has already found well-formed.</summary>
    /// <returns>Null when it is no object, or not well-formed after all.</returns>
    public static ObjectMembers? Read(ReadOnlySpan<byte> json, ByteRange range)
    {
        var reader = new Utf8JsonReader(range.Of(json), JsonLimits.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            var members = new ObjectMembers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var nameStart = range.Start + (int)reader.TokenStartIndex;
                var name = new ByteRange(nameStart + 1, reader.ValueSpan.Length);
                _ = reader.Read();
                var kind = reader.TokenType;
                var valueStart = (int)reader.TokenStartIndex;
                reader.Skip();
                members._members.Add(new ObjectMember(nameStart, name, new ByteRange(range.Start + valueStart, (int)reader.BytesConsumed - valueStart), kind));
            }

            return members;
        }
        catch (JsonException)   // the reader's only way to say it
        {
            return null;
        }
    }

    /// <summary>Lists the members of a member's value.</summary>
    /// <returns>Null when there is no such member or it holds no object.</returns>
    public ObjectMembers? Inner(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
        => Find(json, name) is { Kind: JsonTokenType.StartObject } member ? Read(json, member.Value) : null;

    /// <summary>The member of that name; the last of several, as most parsers have it.</summary>
    public ObjectMember? Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            if (_members[i].Name.Of(json).SequenceEqual(name))
            {
                return _members[i];
            }
        }

        return null;
    }
}
