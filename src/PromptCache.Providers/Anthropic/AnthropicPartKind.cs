namespace PromptCache.Providers.Anthropic;

/// <summary>What a content part of a chat message is to Anthropic.</summary>
internal enum AnthropicPartKind
{
    /// <summary>No object with a <c>type</c>.</summary>
    Invalid,
    Text,
    Refusal,
    Image,
    File,
    Thinking,
    ToolUse,
    ToolResult,

    /// <summary>Audio and video, which Anthropic does not take.</summary>
    Unsupported,

    /// <summary>Of a type of Anthropic's own, or one that is not known here: it goes as it is.</summary>
    Native,
}
