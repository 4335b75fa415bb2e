namespace PromptCache.Core.Prefixes;

/// <summary>The members of a message that the cutter reads, in the order of <see cref="MessageCutter.Names"/>.</summary>
internal enum MessageField
{
    Role,
    Content,
    Name,
    ToolCallId,
    ToolCalls,
    FunctionCall,
    Refusal,
    ReasoningContent,
    Reasoning,
    CacheControl,
    Breakpoint,
}
