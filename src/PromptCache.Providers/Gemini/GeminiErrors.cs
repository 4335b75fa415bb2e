using System.Buffers;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Google's errors in OpenAI's shape, with the original inside.</summary>
internal static class GeminiErrors
{
    private const int MaxQuoted = 4096;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary>Writes <c>{"error":{…}}</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">The upstream's status; 0 inside a stream.</param>
    /// <param name="body">What the upstream said, whatever it is.</param>
    public static void Write(JsonOut json, int status, ReadOnlySpan<byte> body)
    {
        var parsed = JsonValue.TryParse(body, out var original);
        var error = ErrorIn(original);
        var message = error.Get("message"u8);
        var word = error.Get("status"u8);
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

        json.Member("type"u8, TypeFor(word, status));
        json.Member("param"u8, "null"u8);
        json.Member("code"u8, word.IsString ? word.Raw : "null"u8);
        json.Name("provider_error"u8);
        if (parsed)
        {
            WriteOnOneLine(json, original.Raw);
        }
        else
        {
            json.Text(body[..Math.Min(body.Length, MaxQuoted)]);
        }

        json.EndObject();
        json.EndObject();
    }

    // A stream that fails before its first event answers with an array.
    private static JsonValue ErrorIn(JsonValue original)
    {
        var items = original.Items();
        return (items.MoveNext() ? items.Value : original).Get("error"u8);
    }

    // Inside a stream a line break would end the event. In JSON they stand only between tokens.
    private static void WriteOnOneLine(JsonOut json, ReadOnlySpan<byte> original)
    {
        var copy = original.ToArray();
        copy.AsSpan().ReplaceAny(LineBreaks, (byte)' ');
        json.Raw(copy);
    }

    private static ReadOnlySpan<byte> TypeFor(JsonValue word, int status)
        => word.Is("UNAUTHENTICATED"u8) || status == 401 ? "\"authentication_error\""u8
        : word.Is("PERMISSION_DENIED"u8) || status == 403 ? "\"permission_error\""u8
        : word.Is("RESOURCE_EXHAUSTED"u8) || status == 429 ? "\"rate_limit_error\""u8
        : word.Is("INTERNAL"u8) || word.Is("UNAVAILABLE"u8) || word.Is("DEADLINE_EXCEEDED"u8) || status >= 500 ? "\"server_error\""u8
        : word.IsString || status > 0 ? "\"invalid_request_error\""u8
        : "\"server_error\""u8;
}
