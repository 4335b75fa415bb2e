using System.Text;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Errors in Anthropic's shape.</summary>
internal static class MessagesErrors
{
    private const int MaxQuoted = 4096;

    /// <summary>Writes an error of the gateway's own.</summary>
    public static void Write(JsonOut json, int status, string message) => Write(json, status, Encoding.UTF8.GetBytes(message), default);

    /// <summary>Writes an error that came in OpenAI's shape, or in none, with the original inside. It stays on one line.</summary>
    public static void WriteFrom(JsonOut json, int status, ReadOnlySpan<byte> body)
    {
        var parsed = JsonValue.TryParse(body, out var original);
        var error = original.Get("error"u8);
        var message = error.IsString ? error : error.Get("message"u8);
        using var scratch = new PooledBytes();
        var inner = new JsonOut(scratch);
        if (parsed)
        {
            inner.RawOnOneLine(original.Raw);
        }
        else
        {
            inner.Text(body[..Math.Min(body.Length, MaxQuoted)]);
        }

        if (message.IsString)
        {
            using var text = new PooledText(message);
            Write(json, status, text.Span, scratch.Span);
        }
        else
        {
            Write(json, status, Encoding.UTF8.GetBytes($"The provider answered with status {status}."), scratch.Span);
        }
    }

    private static void Write(JsonOut json, int status, ReadOnlySpan<byte> message, ReadOnlySpan<byte> original)
    {
        json.BeginObject();
        json.Member("type"u8, "\"error\""u8);
        json.Name("error"u8);
        json.BeginObject();
        json.Member("type"u8, TypeFor(status));
        json.Name("message"u8);
        json.Text(message);
        if (!original.IsEmpty)
        {
            json.Member("provider_error"u8, original);
        }

        json.EndObject();
        json.EndObject();
    }

    // docs: platform.claude.com, "Errors".
    private static ReadOnlySpan<byte> TypeFor(int status) => status switch
    {
        401 => "\"authentication_error\""u8,
        402 => "\"billing_error\""u8,
        403 => "\"permission_error\""u8,
        404 => "\"not_found_error\""u8,
        413 => "\"request_too_large\""u8,
        429 => "\"rate_limit_error\""u8,
        504 => "\"timeout_error\""u8,
        503 or 529 => "\"overloaded_error\""u8,
        >= 400 and < 500 => "\"invalid_request_error\""u8,
        _ => "\"api_error\""u8,
    };
}
