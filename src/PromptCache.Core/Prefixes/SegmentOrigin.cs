namespace PromptCache.Core.Prefixes;

/// <summary>The field that a segment was cut from. The number goes into the hash: add at the end, never renumber.</summary>
public enum SegmentOrigin : byte
{
    /// <summary>A message's <c>content</c>.</summary>
    Content = 0,
    Tools = 1,

    /// <summary>The older <c>functions</c>.</summary>
    Functions = 2,
    ResponseFormat = 3,
    ReasoningContent = 4,
    Reasoning = 5,

    /// <summary>An assistant message's <c>refusal</c>.</summary>
    Refusal = 6,

    /// <summary>An assistant message's older <c>function_call</c>.</summary>
    FunctionCall = 7,
    ToolCalls = 8,
}
