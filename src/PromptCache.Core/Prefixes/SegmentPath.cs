namespace PromptCache.Core.Prefixes;

/// <summary>Writes where a segment stands, in the words of the request.</summary>
internal static class SegmentPath
{
    public static string Of(in Segment segment) => Of(segment.Origin, segment.Item, segment.Part);

    public static string Of(SegmentOrigin origin, int item, int part) => origin switch
    {
        SegmentOrigin.Tools => $"tools[{item}]",
        SegmentOrigin.Functions => $"functions[{item}]",
        SegmentOrigin.ResponseFormat => "response_format",
        SegmentOrigin.ReasoningContent => $"messages[{item}].reasoning_content",
        SegmentOrigin.Reasoning => $"messages[{item}].reasoning",
        SegmentOrigin.Refusal => $"messages[{item}].refusal",
        SegmentOrigin.FunctionCall => $"messages[{item}].function_call",
        SegmentOrigin.ToolCalls => $"messages[{item}].tool_calls[{part}]",
        _ when part < 0 => $"messages[{item}].content",
        _ => $"messages[{item}].content[{part}]",
    };
}
