using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Anthropic's errors in OpenAI's shape, with the original inside.</summary>
internal static class AnthropicErrors
{
    private const int MaxQuoted = 4096;

    /// <summary>Writes <c>{"error":{…}}</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">The upstream's status; 0 inside a stream.</param>
    /// <param name="body">What the upstream said, whatever it is.</param>
    public static void Write(JsonOut json, int status, ReadOnlySpan<byte> body)
    {
        var parsed = JsonValue.TryParse(body, out var original);
        var error = original.Get("error"u8);
        var message = error.Get("message"u8);
        var type = error.Get("type"u8);
        json.BeginObject();
        json.Name("error"u8);
        json.BeginObject();
        json.Name("message"u8);
        if (message.IsString)
        {
            json.Raw(message.Raw);
        }
        else
        {
            json.Text(status > 0 ? $"The provider answered with status {status}." : "The provider reported an error.");
        }

        json.Member("type"u8, TypeFor(type, status));
        json.Member("param"u8, "null"u8);
        json.Member("code"u8, type.IsString ? type.Raw : "null"u8);
        json.Name("provider_error"u8);
        if (parsed)
        {
            json.RawOnOneLine(original.Raw);
        }
        else
        {
            json.Text(body[..Math.Min(body.Length, MaxQuoted)]);
        }

        json.EndObject();
        json.EndObject();
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
