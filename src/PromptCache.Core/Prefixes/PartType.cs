namespace PromptCache.Core.Prefixes;

/// <summary>The types of content parts that the cutter knows, in the order of <see cref="PartCutter.Types"/>.</summary>
internal enum PartType
{
    Unknown = -1,
    Text,
    Refusal,
    ImageUrl,
    Image,
    InputAudio,
    File,
    Document,
    ToolUse,
    ToolResult,
    Thinking,
    RedactedThinking,
}
