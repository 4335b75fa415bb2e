using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary><c>finishReason</c> and <c>finish_reason</c>.</summary>
internal static class GeminiFinishReason
{
    // Everything by which Google's filters end an answer.
    private static readonly byte[][] Filtered =
    [
        "SAFETY"u8.ToArray(), "RECITATION"u8.ToArray(), "LANGUAGE"u8.ToArray(), "BLOCKLIST"u8.ToArray(), "PROHIBITED_CONTENT"u8.ToArray(), "SPII"u8.ToArray(),
        "IMAGE_SAFETY"u8.ToArray(), "IMAGE_PROHIBITED_CONTENT"u8.ToArray(), "IMAGE_RECITATION"u8.ToArray(),
    ];

    /// <summary>OpenAI's word, quoted, for a blocked answer.</summary>
    public static ReadOnlySpan<byte> ContentFilter => "\"content_filter\""u8;

    /// <summary>OpenAI's word, quoted, for Gemini's. Gemini calls the end of a turn of function calls a plain stop.</summary>
    public static ReadOnlySpan<byte> ToFinishReason(JsonValue reason, bool hasCalls)
    {
        if (reason.Is("MAX_TOKENS"u8))
        {
            return "\"length\""u8;
        }

        foreach (var word in Filtered)
        {
            if (reason.Is(word))
            {
                return ContentFilter;
            }
        }

        return hasCalls ? "\"tool_calls\""u8 : "\"stop\""u8;
    }
}
