using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>A provider's error in OpenAI's shape, with the original inside.</summary>
internal static class ChatError
{
    private const int MaxQuoted = 4096;

    /// <summary>Writes <c>{"error":{…}}</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="type">OpenAI's word for the kind, quoted.</param>
    /// <param name="code">The provider's word for it; null when that is no string.</param>
    /// <param name="message">What the provider tells people.</param>
    /// <param name="status">The upstream's status; 0 inside a stream.</param>
    /// <param name="body">What the upstream said, whatever it is.</param>
    public static void Write(JsonOut json, ReadOnlySpan<byte> type, JsonValue code, JsonValue message, int status, ReadOnlySpan<byte> body)
    {
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

        json.Member("type"u8, type);
        json.Member("param"u8, "null"u8);
        json.Member("code"u8, code.IsString ? code.Raw : "null"u8);
        json.Name("provider_error"u8);
        if (JsonValue.TryParse(body, out var original))
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
}
