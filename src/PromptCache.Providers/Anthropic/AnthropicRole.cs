namespace PromptCache.Providers.Anthropic;

/// <summary>Whose message it is. Tool results travel in a user's message, but only they are joined.</summary>
internal enum AnthropicRole
{
    None,

    /// <summary>The system prompt in front of the messages.</summary>
    Leading,
    User,
    Assistant,
    ToolResults,

    /// <summary>A system message among the messages.</summary>
    System,
}
