namespace PromptCache.Core.Requests;

/// <summary>The fields by which a client marks a prompt for caching.</summary>
[Flags]
public enum CacheFields
{
    None = 0,

    /// <summary><c>cache_control</c>, everywhere.</summary>
    CacheControl = 1,

    /// <summary>OpenAI's <c>prompt_cache_breakpoint</c> on content parts.</summary>
    Breakpoint = 2,

    /// <summary>OpenAI's <c>prompt_cache_options</c> at the top level.</summary>
    Options = 4,

    /// <summary><c>cache_control</c> on tools alone.</summary>
    ToolControl = 8,

    All = CacheControl | Breakpoint | Options,
}
