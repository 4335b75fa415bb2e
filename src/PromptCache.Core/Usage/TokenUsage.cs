namespace PromptCache.Core.Usage;

/// <summary>What one request used, in disjoint buckets. Null: not known, which is not 0.</summary>
public sealed record TokenUsage
{
    /// <summary>All input tokens: uncached, read and written together (OpenAI's meaning of <c>prompt_tokens</c>).</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Input tokens read from the cache.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Input tokens written to the cache at the default lifetime.</summary>
    public long? CacheWrite { get; init; }

    /// <summary>Input tokens written to the cache for an hour.</summary>
    public long? CacheWrite1h { get; init; }

    /// <summary>Everything billed as output, reasoning included once.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>The part of the output that is reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>The part of the input that is sound, cached or not.</summary>
    public long? AudioTokens { get; init; }

    /// <summary>The part of <see cref="CacheRead"/> that is sound.</summary>
    public long? AudioCacheRead { get; init; }

    /// <summary>The part of the output that is sound.</summary>
    public long? AudioCompletionTokens { get; init; }

    /// <summary>What the provider itself says the request cost, in USD.</summary>
    public decimal? ReportedCost { get; init; }

    /// <summary>The service tier that the provider says it served (<c>default</c>, <c>flex</c>, <c>priority</c>), which sets the price; null: it did not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Anthropic's <c>inference_geo</c>: the region that served, which may have a factor on every price; null: it did not say.</summary>
    public string? Geo { get; init; }

    /// <summary>Where <see cref="CacheRead"/> and the writes come from.</summary>
    public CountSource Source { get; init; }

    /// <summary>The report contradicted itself (more cached than there was) and was clamped.</summary>
    public bool Inconsistent { get; init; }

    /// <summary>Input tokens that were neither read nor written.</summary>
    public long? Uncached => PromptTokens is { } prompt ? prompt - (CacheRead ?? 0) - (CacheWrite ?? 0) - (CacheWrite1h ?? 0) : null;
}
