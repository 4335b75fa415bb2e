namespace PromptCache.Core.Store;

/// <summary>What the breaker lets a call do.</summary>
internal enum StorePass
{
    /// <summary>Leave the store alone.</summary>
    Denied,

    /// <summary>Ask it.</summary>
    Normal,

    /// <summary>Ask it, as the one call that finds out whether it is back.</summary>
    Probe,
}
