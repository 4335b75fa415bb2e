namespace PromptCache.Simulator.Caching;

/// <summary>How a provider decides what to cache.</summary>
internal enum CacheMode
{
    None,
    Implicit,
    /// <summary>Explicit where the request has a marker, implicit otherwise.</summary>
    Either,
}
