using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>One content part of a chat message, read in one walk.</summary>
internal readonly ref struct AnthropicPart
{
    public AnthropicPart(JsonValue part)
    {
        Whole = part;
        JsonValue type = default;
        var members = part.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("type"u8))
            {
                type = members.Value;
            }
            else if (members.NameIs("text"u8) || members.NameIs("refusal"u8))
            {
                Text = members.Value;
            }
            else if (members.NameIs("image_url"u8) || members.NameIs("file"u8))
            {
                Media = members.Value;
            }
            else if (members.NameIs("cache_control"u8))
            {
                CacheControl = members.Value;
            }
            else if (members.NameIs("prompt_cache_breakpoint"u8))
            {
                Breakpoint = members.Value;
            }
            else if (members.NameIs("signature"u8))
            {
                Signature = members.Value;
            }
            else if (members.NameIs("content"u8))
            {
                Content = members.Value;
            }
        }

        Kind = KindOf(type);
        Type = type;
    }

    public AnthropicPartKind Kind { get; }

    /// <summary>The part as it stands.</summary>
    public JsonValue Whole { get; }

    public JsonValue Type { get; }

    public JsonValue Text { get; }

    public JsonValue Media { get; }

    public JsonValue CacheControl { get; }

    /// <summary>OpenAI's spelling of a marker; it names no lifetime that Anthropic knows.</summary>
    public JsonValue Breakpoint { get; }

    public JsonValue Signature { get; }

    public JsonValue Content { get; }

    /// <summary>Whether Anthropic would refuse it although it says nothing: blank text, thinking without a signature.</summary>
    public bool IsDropped => Kind switch
    {
        AnthropicPartKind.Text or AnthropicPartKind.Refusal => Text.IsString && Text.IsBlankText(),
        AnthropicPartKind.Thinking => Type.Is("thinking"u8) && Signature.Text.IsEmpty,
        _ => false,
    };

    private static AnthropicPartKind KindOf(JsonValue type)
    {
        if (type.Is("text"u8) || type.Is("input_text"u8) || type.Is("output_text"u8))
        {
            return AnthropicPartKind.Text;
        }

        if (type.Is("image_url"u8))
        {
            return AnthropicPartKind.Image;
        }

        if (type.Is("tool_use"u8))
        {
            return AnthropicPartKind.ToolUse;
        }

        if (type.Is("tool_result"u8))
        {
            return AnthropicPartKind.ToolResult;
        }

        if (type.Is("thinking"u8) || type.Is("redacted_thinking"u8))
        {
            return AnthropicPartKind.Thinking;
        }

        if (type.Is("file"u8))
        {
            return AnthropicPartKind.File;
        }

        if (type.Is("refusal"u8))
        {
            return AnthropicPartKind.Refusal;
        }

        if (type.Is("input_audio"u8) || type.Is("audio"u8) || type.Is("video_url"u8) || type.Is("input_video"u8))
        {
            return AnthropicPartKind.Unsupported;
        }

        return type.IsString ? AnthropicPartKind.Native : AnthropicPartKind.Invalid;
    }
}
