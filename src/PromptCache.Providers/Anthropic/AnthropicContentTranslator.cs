using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>The content of a chat message, string or parts, to content blocks.</summary>
internal sealed class AnthropicContentTranslator(AnthropicMessageWriter writer)
{
    /// <summary>A <c>tool_result</c> part was written since this was last cleared.</summary>
    public bool SawToolResult { get; set; }

    /// <summary>A <c>tool_use</c> part was written since this was last cleared.</summary>
    public bool SawToolUse { get; set; }

    /// <summary>A thinking part was written since this was last cleared.</summary>
    public bool SawThinking { get; set; }

    /// <summary>Text is written as a system message's that has to travel in a user's.</summary>
    public bool FramesText { get; set; }

    /// <summary>Writes the blocks of a message.</summary>
    public RequestError? Write(JsonValue content)
    {
        if (content.IsString)
        {
            WriteText(content);
            return null;
        }

        if (!content.IsArray)
        {
            return content.IsNothing ? null : AnthropicFault.Here("", "must be a string or an array of parts.");
        }

        var parts = content.Items();
        while (parts.MoveNext())
        {
            if (WritePart(new(parts.Value)) is { } error)
            {
                return error.Within($"[{parts.Index}]");
            }
        }

        return null;
    }

    /// <summary>Writes content as the <c>content</c> of a tool's result; the last marker inside is the result's, because Anthropic places it there.</summary>
    public RequestError? WriteResult(JsonOut json, JsonValue content)
    {
        if (content.IsString)
        {
            if (!content.IsBlankText())
            {
                json.Name("content"u8);
                json.BeginArray();
                json.BeginObject();
                TextMembers(json, content);
                json.EndObject();
                json.EndArray();
            }

            return null;
        }

        if (!content.IsArray)
        {
            return content.IsNothing ? null : AnthropicFault.Here("", "must be a string or an array of parts.");
        }

        json.Name("content"u8);
        json.BeginArray();
        var parts = content.Items();
        while (parts.MoveNext())
        {
            var part = new AnthropicPart(parts.Value);
            if (part.IsDropped)
            {
                continue;
            }

            json.BeginObject();
            if (WriteMembers(json, part) is { } error)
            {
                return error.Within($"[{parts.Index}]");
            }

            json.EndObject();
        }

        json.EndArray();
        return null;
    }

    /// <summary>Passes the markers inside a tool's result on to the block that is open.</summary>
    public RequestError? LiftMarkers(JsonValue content)
    {
        JsonValue marker = default;
        var from = 0;
        var parts = content.Items();
        while (parts.MoveNext())
        {
            var own = parts.Value.Get("cache_control"u8);
            if (!own.IsNothing)
            {
                marker = own;
                from = parts.Index;
            }
        }

        return writer.Mark(marker)?.Within($"[{from}]");
    }

    private RequestError? WritePart(AnthropicPart part)
    {
        if (!part.IsDropped)
        {
            var json = writer.BeginBlock(markable: part.Kind != AnthropicPartKind.Thinking);
            if (WriteMembers(json, part) is { } error)
            {
                return error;
            }
        }

        SawThinking |= part.Kind == AnthropicPartKind.Thinking && !part.IsDropped;
        SawToolUse |= part.Kind == AnthropicPartKind.ToolUse;
        SawToolResult |= part.Kind == AnthropicPartKind.ToolResult;
        if (writer.Mark(part.CacheControl) is { } wrong)
        {
            return wrong;
        }

        if (part.Breakpoint.IsObject)
        {
            writer.MarkDefault();
        }

        return part.Kind == AnthropicPartKind.ToolResult ? LiftMarkers(part.Content)?.Within("content") : null;
    }

    private RequestError? WriteMembers(JsonOut json, AnthropicPart part)
    {
        switch (part.Kind)
        {
            case AnthropicPartKind.Text or AnthropicPartKind.Refusal when !part.Text.IsString:
                return AnthropicFault.Here("text", "must be a string.");
            case AnthropicPartKind.Refusal:
                TextMembers(json, part.Text);
                return null;
            case AnthropicPartKind.Text:
                TextMembers(json, part.Text);
                CopyMembers(json, part.Whole, withType: false);
                return null;
            case AnthropicPartKind.Image:
                return AnthropicMedia.WriteImage(json, part.Media)?.Within("image_url");
            case AnthropicPartKind.File:
                return AnthropicMedia.WriteFile(json, part.Media)?.Within("file");
            case AnthropicPartKind.Unsupported:
                return AnthropicFault.Here("", "is audio or video, which Anthropic does not take.", "unsupported_content");
            case AnthropicPartKind.Invalid:
                return AnthropicFault.Here("", "must be an object with a 'type'.");
            case AnthropicPartKind.ToolResult when part.Content.IsArray:
                CopyMembers(json, part.Whole, withType: true, withContent: false);
                return WriteResult(json, part.Content)?.Within("content");
            default:
                CopyMembers(json, part.Whole, withType: true);
                return null;
        }
    }

    private void WriteText(JsonValue text)
    {
        if (!text.IsBlankText())
        {
            TextMembers(writer.BeginBlock(), text);
        }
    }

    private void TextMembers(JsonOut json, JsonValue text)
    {
        json.Member("type"u8, "\"text\""u8);
        json.Name("text"u8);
        if (FramesText)
        {
            json.RawText("<system>\\n"u8, text.Text, "\\n</system>"u8);
        }
        else
        {
            json.Raw(text.Raw);
        }
    }

    // Members that are not known here (citations, title, context, ...) are somebody's reason for sending the part.
    private static void CopyMembers(JsonOut json, JsonValue part, bool withType, bool withContent = true)
    {
        var members = part.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("cache_control"u8) || members.NameIs("prompt_cache_breakpoint"u8)
                || (!withType && (members.NameIs("type"u8) || members.NameIs("text"u8)))
                || (!withContent && members.NameIs("content"u8)))
            {
                continue;
            }

            json.RawName(members.RawName);
            json.Raw(members.Value.Raw);
        }
    }
}
