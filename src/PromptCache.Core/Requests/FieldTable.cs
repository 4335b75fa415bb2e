using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The members that the gateway reads, by field; the last of a name that stands twice.</summary>
internal readonly ref struct FieldTable
{
    private static readonly JsonNames Names = new(
        "model", "messages", "tools", "tool_choice", "response_format", "stream", "stream_options", "usage", "provider",
        "cache_control", "prompt_cache_key", "prompt_cache_options");

    private readonly ReadOnlySpan<byte> _body;
    private readonly Slots _slots;

    public FieldTable(ReadOnlySpan<byte> body, ImmutableArray<JsonMember> members)
    {
        _body = body;
        foreach (var member in members)
        {
            if (Names.IndexOf(member.Name.Of(body)) is >= 0 and var field)
            {
                _slots[field] = member;
            }
        }
    }

    public JsonMember this[TopField field] => _slots[(int)field];

    /// <summary>The field, or nothing when its value is null.</summary>
    public JsonMember NotNull(TopField field)
        => this[field] is { Exists: true } member && JsonScan.KindAt(_body, member.Value.Start) != JsonKind.Null ? member : default;

    [InlineArray(12)]
    private struct Slots
    {
        private JsonMember _first;
    }
}
