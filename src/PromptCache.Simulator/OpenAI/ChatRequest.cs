using System.Text.Json;
using PromptCache.Simulator.Caching;

namespace PromptCache.Simulator.OpenAI;

/// <summary>What the simulator understands of a chat-completion request.</summary>
/// <param name="Model">As sent.</param>
/// <param name="Parts">The prompt in the order in which it is cached.</param>
/// <param name="Tools">The parameters' schema of each tool, by name.</param>
/// <param name="Stream">Whether the reply is to be streamed.</param>
/// <param name="AsksUsage"><c>stream_options.include_usage</c>.</param>
/// <param name="AsksCost"><c>usage.include</c>.</param>
/// <param name="Cap">The lower of <c>max_tokens</c> and <c>max_completion_tokens</c>; null: none.</param>
/// <param name="ExplicitOnly"><c>prompt_cache_options.mode</c> is <c>explicit</c>: no breakpoint but those that are marked.</param>
/// <param name="AsksLong"><c>prompt_cache_retention</c> is <c>24h</c>.</param>
/// <param name="Salt"><c>cache_salt</c>: whoever sends another one shares nothing.</param>
internal sealed record ChatRequest(
    string Model,
    IReadOnlyList<PromptPart> Parts,
    IReadOnlyDictionary<string, JsonElement> Tools,
    bool Stream,
    bool AsksUsage,
    bool AsksCost,
    int? Cap,
    bool ExplicitOnly,
    bool AsksLong,
    string Salt)
{
    public bool HasMarkers => Parts.Any(p => p.MarkedFor is not null);
}
