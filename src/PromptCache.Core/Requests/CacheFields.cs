namespace PromptCache.Core.Requests;

/// <summary>The fields by which a client marks a prompt for caching, and others of messages that not every provider takes: one walk takes all of them out, because two would cut the same comma.</summary>
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

    /// <summary>What a model thought, in the messages that come back: <c>reasoning_content</c>, <c>reasoning_details</c>, <c>reasoning</c>. It marks nothing, so <see cref="All"/> leaves it.</summary>
    Reasoning = 16,

    All = CacheControl | Breakpoint | Options,
}
