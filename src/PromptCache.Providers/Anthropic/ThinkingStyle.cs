namespace PromptCache.Providers.Anthropic;

/// <summary>How a model can be told to think, or not to.</summary>
internal enum ThinkingStyle
{
    /// <summary>The model does not think.</summary>
    None,

    /// <summary>By a budget: <c>{"type":"enabled","budget_tokens":N}</c>; off when nothing is said.</summary>
    Budget,

    /// <summary>By <c>{"type":"adaptive"}</c> and an effort; off by <c>{"type":"disabled"}</c>.</summary>
    Adaptive,

    /// <summary>Adaptive; off, but for short notes between tool calls, by <c>{"type":"between_tools"}</c>.</summary>
    AdaptiveBetweenTools,

    /// <summary>Adaptive; <c>disabled</c> is refused, effort is the only control.</summary>
    AlwaysAdaptive,
}
