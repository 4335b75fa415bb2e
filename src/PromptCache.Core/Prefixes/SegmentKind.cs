namespace PromptCache.Core.Prefixes;

/// <summary>What a segment holds. The number goes into the hash: add at the end, never renumber.</summary>
public enum SegmentKind : byte
{
    ToolDefinition = 1,
    Schema = 2,
    Text = 3,
    Image = 4,
    Audio = 5,
    File = 6,
    Refusal = 7,
    ToolCall = 8,
    ToolResult = 9,
    Reasoning = 10,

    /// <summary>Content that is null or absent; still a segment.</summary>
    Null = 11,

    /// <summary>A part of a type that this version does not know; hashed whole.</summary>
    Other = 12,
}
