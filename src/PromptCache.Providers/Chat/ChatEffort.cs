namespace PromptCache.Providers.Chat;

/// <summary>How hard the client wants the model to think, in OpenAI's words.</summary>
internal enum ChatEffort
{
    /// <summary>Thinking is wanted, its depth left to the model.</summary>
    Default,
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}
