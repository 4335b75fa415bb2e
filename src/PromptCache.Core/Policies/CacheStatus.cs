namespace PromptCache.Core.Policies;

/// <summary>The words of the <c>x-promptcache-status</c> header: the store's view when the headers leave.</summary>
public static class CacheStatus
{
    public const string Hit = "hit";
    public const string Partial = "partial";
    public const string Miss = "miss";

    /// <summary>There was nothing to look up.</summary>
    public const string Bypass = "bypass";

    /// <summary>The store had not answered.</summary>
    public const string Unknown = "unknown";

    /// <summary>The word for a decision: by positions alone. Whether they reach the minimum is for the upstream's count to say, which comes later.</summary>
    public static string Of(CacheDecision decision)
        => decision.Plan.Bypass ? Bypass
            : decision.Found == CacheReason.StoreUnavailable ? Unknown
            : decision.IsWhole ? Hit
            : decision.Read > 0 ? Partial
            : Miss;
}
