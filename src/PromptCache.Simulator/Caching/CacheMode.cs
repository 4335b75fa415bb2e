namespace PromptCache.Simulator.Caching;

/// <summary>How a provider decides what to cache.</summary>
internal enum CacheMode
{
    None,
    Implicit,
    /// <summary>Explicit where the request has a marker, implicit otherwise.</summary>
    Either,

    /// <summary>At breakpoints only; one stands on the latest message by itself, unless the request says otherwise.</summary>
    Automatic,
}
