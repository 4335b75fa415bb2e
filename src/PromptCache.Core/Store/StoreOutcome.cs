namespace PromptCache.Core.Store;

/// <summary>What became of a call to the store.</summary>
public enum StoreOutcome
{
    /// <summary>The store answered; the counts are its own.</summary>
    Answered,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It answered with an error, or the connection is gone.</summary>
    Failed,

    /// <summary>It was not asked: the breaker is open after earlier failures.</summary>
    Bypassed,
}
