using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>One chat message, read in one walk.</summary>
internal readonly ref struct AnthropicChatMessage
{
    public AnthropicChatMessage(JsonValue message)
    {
        var members = message.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("role"u8))
            {
                Role = members.Value;
            }
            else if (members.NameIs("content"u8))
            {
                Content = members.Value;
            }
            else if (members.NameIs("tool_calls"u8))
            {
                ToolCalls = members.Value;
            }
            else if (members.NameIs("tool_call_id"u8))
            {
                ToolCallId = members.Value;
            }
            else if (members.NameIs("cache_control"u8))
            {
                CacheControl = members.Value;
            }
            else if (members.NameIs("thinking_blocks"u8))
            {
                ThinkingBlocks = members.Value;
            }
            else if (members.NameIs("reasoning_details"u8))
            {
                ReasoningDetails = members.Value;
            }
            else if (members.NameIs("is_error"u8))
            {
                IsError = members.Value;
            }
            else if (members.NameIs("refusal"u8))
            {
                Refusal = members.Value;
            }
            else if (members.NameIs("function_call"u8))
            {
                FunctionCall = members.Value;
            }
        }
    }

    public JsonValue Role { get; }

    public JsonValue Content { get; }

    public JsonValue ToolCalls { get; }

    public JsonValue ToolCallId { get; }

    public JsonValue CacheControl { get; }

    /// <summary>Anthropic's own thinking blocks, verbatim.</summary>
    public JsonValue ThinkingBlocks { get; }

    /// <summary>The same in the form in which responses carry them.</summary>
    public JsonValue ReasoningDetails { get; }

    public JsonValue IsError { get; }

    public JsonValue Refusal { get; }

    public JsonValue FunctionCall { get; }
}
