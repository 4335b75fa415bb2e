using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Tools' results to <c>functionResponse</c> parts. Gemini wants the function's name, which OpenAI's results leave out: it comes from the call with the same id.</summary>
internal sealed class GeminiResults(GeminiModel model, GeminiContentWriter writer)
{
    private readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);

    /// <summary>Remembers a call's name.</summary>
    public void Remember(JsonValue id, JsonValue name) => _names[KeyOf(id)] = name.Raw.ToArray();

    /// <summary>Writes the result of a <c>tool</c> message.</summary>
    public RequestError? Write(ChatMessage message, string path)
    {
        if (!message.ToolCallId.IsString)
        {
            return new($"'{path}.tool_call_id' must be a string.", path + ".tool_call_id", "invalid_type");
        }

        if (!_names.TryGetValue(KeyOf(message.ToolCallId), out var name))
        {
            if (!message.Name.IsString)
            {
                return new($"'{path}.tool_call_id' names no earlier tool call.", path + ".tool_call_id", "unknown_tool_call");
            }

            name = message.Name.Raw.ToArray();
        }

        var content = message.Content;
        if (!content.IsString && !content.IsArray && !content.IsNothing)
        {
            return new($"'{path}.content' must be a string or an array of parts.", path + ".content", "invalid_type");
        }

        using var text = new PooledBytes();
        if (Gather(content, text, path + ".content") is { } error)
        {
            return error;
        }

        var json = writer.BeginPart();
        json.Name("functionResponse"u8);
        json.BeginObject();
        json.Member("id"u8, message.ToolCallId.Raw);
        json.Member("name"u8, name);
        json.Name("response"u8);
        WriteResponse(json, text, message.IsError.IsTrue);
        var wrong = model.MediaResults ? WriteMedia(json, content, path + ".content") : null;
        json.EndObject();
        return wrong ?? (model.MediaResults ? null : WriteMediaBeside(content, path + ".content"));
    }

    // A result that is a JSON object is the response as it stands; anything else is its output.
    private static void WriteResponse(JsonOut json, PooledBytes text, bool failed)
    {
        using var plain = new PooledText(new JsonValue(text.Span));
        if (!failed && JsonValue.TryParse(plain.Span, out var value) && value.IsObject && System.Text.Unicode.Utf8.IsValid(value.Raw))
        {
            json.Raw(value.Raw);
            return;
        }

        json.BeginObject();
        json.Member(failed ? "error"u8 : "output"u8, text.Span);
        json.EndObject();
    }

    // The text as one JSON string, quotes included.
    private static RequestError? Gather(JsonValue content, PooledBytes text, string path)
    {
        text.Write("\""u8);
        if (content.IsString)
        {
            text.Write(content.Text);
        }

        var parts = content.Items();
        while (parts.MoveNext())
        {
            if (GeminiParts.IsMedia(parts.Value))
            {
                continue;
            }

            var value = parts.Value.Get("text"u8);
            if (!value.IsString)
            {
                return new($"'{path}[{parts.Index}].text' must be a string.", $"{path}[{parts.Index}].text", "invalid_type");
            }

            text.Write(value.Text);
        }

        text.Write("\""u8);
        return null;
    }

    private static RequestError? WriteMedia(JsonOut json, JsonValue content, string path)
    {
        var any = false;
        var parts = content.Items();
        while (parts.MoveNext())
        {
            if (!GeminiParts.IsMedia(parts.Value))
            {
                continue;
            }

            if (!any)
            {
                json.Name("parts"u8);
                json.BeginArray();
                any = true;
            }

            json.BeginObject();
            if (GeminiParts.Write(json, parts.Value, $"{path}[{parts.Index}]") is { } error)
            {
                return error;
            }

            json.EndObject();
        }

        if (any)
        {
            json.EndArray();
        }

        return null;
    }

    private RequestError? WriteMediaBeside(JsonValue content, string path)
    {
        var parts = content.Items();
        while (parts.MoveNext())
        {
            if (GeminiParts.IsMedia(parts.Value) && GeminiParts.Write(writer.BeginPart(), parts.Value, $"{path}[{parts.Index}]") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static string KeyOf(JsonValue id)
    {
        using var text = new PooledText(id);
        return System.Text.Encoding.UTF8.GetString(text.Span);
    }
}
