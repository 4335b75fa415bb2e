using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The members that the gateway reads, by field.</summary>
/// <remarks>
/// What the gateway bills must be what the provider reads. Of a name that stands twice most parsers take the last one and some the first; Go's take a name in any case
/// of letters. So such a request is refused, if the gateway reads the field; what it does not read is the provider's to judge.
/// </remarks>
internal readonly ref struct FieldTable
{
    private static readonly JsonNames Names = new(
        "model", "messages", "tools", "tool_choice", "response_format", "stream", "stream_options", "usage", "provider",
        "cache_control", "prompt_cache_key", "prompt_cache_options", "service_tier", "functions", "prompt_cache_retention");

    private readonly ReadOnlySpan<byte> _body;
    private readonly Slots _slots;

    public FieldTable(ReadOnlySpan<byte> body, ImmutableArray<JsonMember> members)
    {
        _body = body;
        foreach (var member in members)
        {
            var name = member.Name.Of(body);
            if (Names.IndexOf(name) is >= 0 and var field)
            {
                Error ??= _slots[field].Exists ? RequestErrors.Repeated(Names[field]) : null;
                _slots[field] = member;
            }
            else if (Error is null && Names.IndexIgnoringCase(name) is >= 0 and var misspelt)
            {
                Error = RequestErrors.Misspelt(Names[misspelt]);
            }
        }
    }

    /// <summary>The first field that can be read in two ways, or null.</summary>
    public RequestError? Error { get; }

    public JsonMember this[TopField field] => _slots[(int)field];

    /// <summary>The field, or nothing when its value is null.</summary>
    public JsonMember NotNull(TopField field)
        => this[field] is { Exists: true } member && JsonScan.KindAt(_body, member.Value.Start) != JsonKind.Null ? member : default;

    [InlineArray(15)]
    private struct Slots
    {
        private JsonMember _first;
    }
}
