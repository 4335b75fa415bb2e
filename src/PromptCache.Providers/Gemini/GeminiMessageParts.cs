using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>The parts of an answer as members of OpenAI's message or delta.</summary>
internal static class GeminiMessageParts
{
    /// <summary>Whether the part is a thought.</summary>
    public static bool IsThought(JsonValue part) => part.Get("thought"u8).IsTrue;

    /// <summary>Writes one tool call; <paramref name="index"/> is written in streams only.</summary>
    public static void WriteCall(JsonOut json, JsonValue part, byte[] id, int? index)
    {
        var call = part.Get("functionCall"u8);
        json.BeginObject();
        if (index is { } position)
        {
            json.Member("index"u8, position);
        }

        json.Member("id"u8, id);
        json.Member("type"u8, "\"function\""u8);
        json.Name("function"u8);
        json.BeginObject();
        json.Member("name"u8, call.Get("name"u8).IsString ? call.Get("name"u8).Raw : "\"\""u8);
        json.Name("arguments"u8);
        ToolArguments.WriteString(json, call.Get("args"u8));
        json.EndObject();
        GeminiSignatures.WriteOnCall(json, part.Get("thoughtSignature"u8));
        json.EndObject();
    }

    /// <summary>Writes an image that the model made, in the form that OpenRouter's clients know.</summary>
    public static void WriteImage(JsonOut json, JsonValue data)
    {
        json.BeginObject();
        json.Member("type"u8, "\"image_url\""u8);
        json.Name("image_url"u8);
        json.BeginObject();
        json.Name("url"u8);
        using var head = new PooledBytes(64);
        head.Write("data:"u8);
        head.Write(data.Get("mimeType"u8).Text);
        head.Write(";base64,"u8);
        json.RawText(head.Span, data.Get("data"u8).Text);
        json.EndObject();
        json.EndObject();
    }
}
