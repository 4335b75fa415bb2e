namespace PromptCache.Core.Policies;

/// <summary>The stable words of <see cref="CacheDecision.Reason"/>. Logs and metrics carry them: add, never rename.</summary>
public static class CacheReason
{
    /// <summary>The match reaches the last position that could be cached.</summary>
    public const string Hit = "hit";

    /// <summary>Something was read, and more could have been.</summary>
    public const string Partial = "partial";

    /// <summary>Nothing of the prompt is known.</summary>
    public const string Miss = "miss";

    /// <summary>What could be cached, or what is known, is shorter than the model's minimum.</summary>
    public const string BelowMinimum = "below_minimum";

    /// <summary>Markers decide, and the request has none.</summary>
    public const string NoMarkers = "no_markers";

    /// <summary>The policy caches nothing.</summary>
    public const string PolicyNone = "policy_none";

    /// <summary>No entry stands where one was looked for: nothing was written there, or it expired, or the prompt differs.</summary>
    public const string ExpiredOrNew = "expired_or_new";

    /// <summary>The beginning of the prompt is known, but an entry can only stand further back than the policy looks.</summary>
    public const string LookbackExceeded = "lookback_exceeded";

    /// <summary>The store did not answer: nothing is known of reads, and nothing is billed as a write.</summary>
    public const string StoreUnavailable = "store_unavailable";
}
