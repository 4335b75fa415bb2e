namespace PromptCache.Core.Policies;

/// <summary>Who says what is cached.</summary>
public enum CacheMode
{
    /// <summary>Nothing is cached.</summary>
    None,

    /// <summary>The provider, by itself.</summary>
    Implicit,

    /// <summary>The client, by markers.</summary>
    Explicit,

    /// <summary>Both; a request with markers is explicit.</summary>
    Both,
}
