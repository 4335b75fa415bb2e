using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Thinking blocks as clients see them: the entries of <c>reasoning_details</c>, in the form that OpenRouter's clients know. <c>index</c> is the block's place among the message's elements (all text is one).</summary>
internal static class AnthropicReasoningDetails
{
    /// <summary>Writes a signed thinking block; text and signature are the insides of JSON strings.</summary>
    public static void WriteText(JsonOut json, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, int position)
    {
        json.BeginObject();
        json.Member("type"u8, "\"reasoning.text\""u8);
        json.Name("text"u8);
        json.RawText(text);
        json.Name("signature"u8);
        json.RawText(signature);
        End(json, position);
    }

    /// <summary>Writes a redacted thinking block.</summary>
    public static void WriteEncrypted(JsonOut json, JsonValue data, int position)
    {
        json.BeginObject();
        json.Member("type"u8, "\"reasoning.encrypted\""u8);
        json.Member("data"u8, data.IsString ? data.Raw : "\"\""u8);
        End(json, position);
    }

    private static void End(JsonOut json, int position)
    {
        json.Member("format"u8, "\"anthropic-claude-v1\""u8);
        json.Member("index"u8, position);
        json.EndObject();
    }
}
