using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>One content part of a chat message to one part of Gemini's.</summary>
internal static class GeminiParts
{
    /// <summary>Whether the part says nothing: Gemini refuses empty text.</summary>
    public static bool IsDropped(JsonValue part)
    {
        var type = part.Get("type"u8);
        return (IsText(type) && part.Get("text"u8).Raw is [(byte)'"', (byte)'"'])
            || (type.Is("refusal"u8) && part.Get("refusal"u8).Raw is [(byte)'"', (byte)'"'])
            || type.Is("thinking"u8) || type.Is("redacted_thinking"u8);
    }

    /// <summary>Writes the members of the part.</summary>
    public static RequestError? Write(JsonOut json, JsonValue part, string path)
    {
        var type = part.Get("type"u8);
        if (IsText(type) || type.Is("refusal"u8))
        {
            var name = type.Is("refusal"u8) ? "refusal" : "text";
            var text = name == "text" ? part.Get("text"u8) : part.Get("refusal"u8);
            if (!text.IsString)
            {
                return new($"'{path}.{name}' must be a string.", $"{path}.{name}", "invalid_type");
            }

            json.Member("text"u8, text.Raw);
            return null;
        }

        return WriteMedia(json, part, type, path);
    }

    /// <summary>Whether the part is no text.</summary>
    public static bool IsMedia(JsonValue part) => !IsText(part.Get("type"u8)) && !part.Get("type"u8).Is("refusal"u8);

    /// <summary>Writes the members of a part that is no text.</summary>
    public static RequestError? WriteMedia(JsonOut json, JsonValue part, JsonValue type, string path)
        => type.Is("image_url"u8) ? GeminiMedia.WriteUrl(json, part.Get("image_url"u8), path + ".image_url")
        : type.Is("video_url"u8) ? GeminiMedia.WriteUrl(json, part.Get("video_url"u8), path + ".video_url")
        : type.Is("file"u8) ? GeminiMedia.WriteFile(json, part.Get("file"u8), path + ".file")
        : type.Is("input_audio"u8) ? GeminiMedia.WriteAudio(json, part.Get("input_audio"u8), path + ".input_audio")
        : type.IsString ? new($"'{path}': a part of this type cannot be sent to Gemini.", path + ".type", "unsupported_content")
        : new($"'{path}' must be an object with a 'type'.", path, "invalid_type");

    private static bool IsText(JsonValue type) => type.Is("text"u8) || type.Is("input_text"u8) || type.Is("output_text"u8);
}
