using System.Text.Json.Nodes;

namespace PromptCache.Simulator.OpenAI;

/// <summary>How one provider reports usage.</summary>
/// <param name="Name">The provider's, or the trait's.</param>
/// <param name="Always">Where usage stands without being asked for.</param>
/// <param name="WhenAsked">Where it stands besides, when a stream asks with <c>stream_options.include_usage</c>.</param>
/// <param name="Write">The usage object.</param>
internal sealed record UsageShape(string Name, UsagePlaces Always, UsagePlaces WhenAsked, Func<UsageFacts, JsonObject> Write)
{
    /// <summary>Members beside <c>usage</c>; null: none.</summary>
    public Func<UsageFacts, JsonObject>? Beside { get; init; }

    /// <summary>Whether the text of the reasoning is shown as <c>reasoning_content</c>.</summary>
    public bool ShowsReasoning { get; init; }

    /// <summary>Where usage stands in a stream.</summary>
    public UsagePlaces InStream(bool asked) => asked ? Always | WhenAsked : Always;
}
