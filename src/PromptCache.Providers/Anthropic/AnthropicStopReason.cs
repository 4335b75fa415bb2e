using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary><c>stop_reason</c> and <c>finish_reason</c>.</summary>
internal static class AnthropicStopReason
{
    /// <summary>OpenAI's word, quoted, for Anthropic's. What has no counterpart (a paused turn, a reason that is not known here) is a plain stop.</summary>
    public static ReadOnlySpan<byte> ToFinishReason(JsonValue reason)
        => reason.Is("max_tokens"u8) || reason.Is("model_context_window_exceeded"u8) ? "\"length\""u8
        : reason.Is("tool_use"u8) ? "\"tool_calls\""u8
        : reason.Is("refusal"u8) ? "\"content_filter\""u8
        : "\"stop\""u8;

    /// <summary>Anthropic's word, quoted, for OpenAI's. Some servers say <c>stop</c> when they call tools.</summary>
    public static ReadOnlySpan<byte> FromFinishReason(JsonValue reason, bool callsTools)
        => reason.Is("length"u8) ? "\"max_tokens\""u8
        : reason.Is("content_filter"u8) ? "\"refusal\""u8
        : callsTools || reason.Is("tool_calls"u8) ? "\"tool_use\""u8
        : "\"end_turn\""u8;
}
