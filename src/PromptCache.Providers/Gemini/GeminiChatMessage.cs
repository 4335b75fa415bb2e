using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>One chat message, read in one walk.</summary>
internal readonly ref struct GeminiChatMessage
{
    public GeminiChatMessage(JsonValue message)
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

    /// <summary>Where thought signatures come back.</summary>
    public JsonValue ReasoningDetails { get; }

    public JsonValue IsError { get; }

    public JsonValue Refusal { get; }

    public JsonValue FunctionCall { get; }
}
