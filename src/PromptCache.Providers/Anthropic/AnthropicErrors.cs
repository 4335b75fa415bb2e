using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Anthropic's errors in OpenAI's shape.</summary>
internal static class AnthropicErrors
{
    /// <inheritdoc cref="ChatError.Write"/>
    public static void Write(JsonOut json, int status, ReadOnlySpan<byte> body)
    {
        var error = JsonValue.TryParse(body, out var original) ? original.Get("error"u8) : default;
        var type = error.Get("type"u8);
        ChatError.Write(json, TypeFor(type, status), type, error.Get("message"u8), status, body);
    }

    private static ReadOnlySpan<byte> TypeFor(JsonValue type, int status)
        => type.Is("authentication_error"u8) || status == 401 ? "\"authentication_error\""u8
        : type.Is("permission_error"u8) || status == 403 ? "\"permission_error\""u8
        : type.Is("rate_limit_error"u8) || status == 429 ? "\"rate_limit_error\""u8
        : type.Is("billing_error"u8) || status == 402 ? "\"insufficient_quota\""u8
        : type.Is("api_error"u8) || type.Is("overloaded_error"u8) || type.Is("timeout_error"u8) || status >= 500 ? "\"server_error\""u8
        : type.IsString || status > 0 ? "\"invalid_request_error\""u8
        : "\"server_error\""u8;
}
