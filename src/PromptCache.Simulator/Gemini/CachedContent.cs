using PromptCache.Simulator.Caching;

namespace PromptCache.Simulator.Gemini;

/// <summary>A prefix that a client stored under a name.</summary>
internal sealed record CachedContent(
    string Name,
    string Owner,
    string Model,
    string DisplayName,
    IReadOnlyList<PromptPart> Parts,
    int Tokens,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset Expires);
