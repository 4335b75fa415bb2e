using PromptCache.Core.Prefixes;

namespace PromptCache.Core.Policies;

/// <summary>Where a segment's marker stands in the client's body, in words for an error.</summary>
internal static class SegmentPath
{
    public static string MarkerOf(in Segment segment) => $"{Of(segment)}.cache_control";

    private static string Of(in Segment segment) => segment switch
    {
        { Level: SegmentLevel.Tools } => $"tools[{segment.Item}]",
        { Item: < 0 } => "response_format",
        { Part: < 0 } => $"messages[{segment.Item}]",
        { Kind: SegmentKind.ToolCall } => $"messages[{segment.Item}].tool_calls[{segment.Part}]",
        _ => $"messages[{segment.Item}].content[{segment.Part}]",
    };
}
