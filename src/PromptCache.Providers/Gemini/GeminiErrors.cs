using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Google's errors in OpenAI's shape.</summary>
internal static class GeminiErrors
{
    /// <inheritdoc cref="ChatError.Write"/>
    public static void Write(JsonOut json, int status, ReadOnlySpan<byte> body)
    {
        var error = JsonValue.TryParse(body, out var original) ? ErrorIn(original) : default;
        var word = error.Get("status"u8);
        ChatError.Write(json, TypeFor(word, status), word, error.Get("message"u8), status, body);
    }

    // A stream that fails before its first event answers with an array.
    private static JsonValue ErrorIn(JsonValue original)
    {
        var items = original.Items();
        return (items.MoveNext() ? items.Value : original).Get("error"u8);
    }

    private static ReadOnlySpan<byte> TypeFor(JsonValue word, int status)
        => word.Is("UNAUTHENTICATED"u8) || status == 401 ? "\"authentication_error\""u8
        : word.Is("PERMISSION_DENIED"u8) || status == 403 ? "\"permission_error\""u8
        : word.Is("RESOURCE_EXHAUSTED"u8) || status == 429 ? "\"rate_limit_error\""u8
        : word.Is("INTERNAL"u8) || word.Is("UNAVAILABLE"u8) || word.Is("DEADLINE_EXCEEDED"u8) || status >= 500 ? "\"server_error\""u8
        : word.IsString || status > 0 ? "\"invalid_request_error\""u8
        : "\"server_error\""u8;
}
