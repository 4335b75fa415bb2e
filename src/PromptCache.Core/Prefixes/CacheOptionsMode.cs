namespace PromptCache.Core.Prefixes;

/// <summary>OpenAI's <c>prompt_cache_options.mode</c>.</summary>
public enum CacheOptionsMode : byte
{
    /// <summary>The request does not say.</summary>
    Unspecified,

    /// <summary>One automatic breakpoint on the latest message, beside the explicit ones.</summary>
    Implicit,

    /// <summary>The explicit breakpoints alone.</summary>
    Explicit,
}
