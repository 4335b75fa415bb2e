namespace PromptCache.Core.Policies;

/// <summary>Disjoint counts of one prompt, in tokens as the upstream counts them.</summary>
public readonly record struct CacheCounts(long Read, long Write, long Write1h);
