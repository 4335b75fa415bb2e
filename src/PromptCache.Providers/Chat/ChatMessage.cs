using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>One chat message, read in one walk: what any of the protocols can say of it.</summary>
internal readonly ref struct ChatMessage
{
    public ChatMessage(JsonValue message)
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
            else if (members.NameIs("name"u8))
            {
                Name = members.Value;
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

    /// <summary>The function's name on a tool's result, where the client sends it.</summary>
    public JsonValue Name { get; }

    public JsonValue CacheControl { get; }

    /// <summary>Anthropic's own thinking blocks, verbatim.</summary>
    public JsonValue ThinkingBlocks { get; }

    /// <summary>Thinking and thought signatures in the form in which responses carry them.</summary>
    public JsonValue ReasoningDetails { get; }

    public JsonValue IsError { get; }

    public JsonValue Refusal { get; }

    public JsonValue FunctionCall { get; }
}
