namespace PromptCache.Providers.Gemini;

/// <summary>How a model can be told to think, or not to.</summary>
internal enum GeminiThinkingStyle
{
    /// <summary>The model does not think; a <c>thinkingConfig</c> is refused.</summary>
    None,

    /// <summary>By <c>thinkingBudget</c>.</summary>
    Budget,

    /// <summary>By <c>thinkingLevel</c>; it cannot be switched off.</summary>
    Level,
}
