using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>A whole Messages response to a chat completion.</summary>
internal static class AnthropicCompletion
{
    /// <summary>Writes the completion; the figures go into <paramref name="usage"/> too.</summary>
    public static void Write(JsonOut json, JsonValue message, ResponseTranslation options, AnthropicUsage usage)
    {
        var content = message.Get("content"u8);
        ChatFrame.Begin(json, "\"chat.completion\""u8, message.Get("id"u8), options);
        json.BeginObject();
        json.Member("index"u8, 0);
        json.Name("message"u8);
        json.BeginObject();
        json.Member("role"u8, "\"assistant\""u8);
        WriteJoined(json, "content"u8, content, "text"u8, "text"u8, orNull: true);
        json.Name("refusal"u8);
        var refusal = message.Get("stop_details"u8).Get("explanation"u8);
        json.Raw(refusal.IsString ? refusal.Raw : "null"u8);
        WriteJoined(json, "reasoning_content"u8, content, "thinking"u8, "thinking"u8, orNull: false);
        WriteDetails(json, content);
        WriteToolCalls(json, content);
        json.EndObject();
        json.Member("finish_reason"u8, AnthropicStopReason.ToFinishReason(message.Get("stop_reason"u8)));
        json.EndObject();
        usage.Add(message.Get("usage"u8));
        ChatFrame.End(json, usage);
    }

    private static void WriteJoined(JsonOut json, ReadOnlySpan<byte> name, JsonValue content, ReadOnlySpan<byte> type, ReadOnlySpan<byte> member, bool orNull)
    {
        var any = false;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            if (!blocks.Value.Get("type"u8).Is(type) || blocks.Value.Get(member).Text.IsEmpty)
            {
                continue;
            }

            if (!any)
            {
                json.Name(name);
                json.BeginText();
                any = true;
            }

            json.TextPiece(blocks.Value.Get(member).Text);
        }

        if (any)
        {
            json.EndText();
        }
        else if (orNull)
        {
            json.Member(name, "null"u8);
        }
    }

    private static void WriteDetails(JsonOut json, JsonValue content)
    {
        var any = false;
        var hasText = false;
        var elements = 0;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            var block = blocks.Value;
            var type = block.Get("type"u8);
            var thinking = type.Is("thinking"u8);
            if (!thinking && !type.Is("redacted_thinking"u8))
            {
                elements += type.Is("tool_use"u8) || (type.Is("text"u8) && !hasText) ? 1 : 0;
                hasText |= type.Is("text"u8);
                continue;
            }

            if (!any)
            {
                json.Name("reasoning_details"u8);
                json.BeginArray();
                any = true;
            }

            if (thinking)
            {
                AnthropicReasoningDetails.WriteText(json, block.Get("thinking"u8).Text, block.Get("signature"u8).Text, elements++);
            }
            else
            {
                AnthropicReasoningDetails.WriteEncrypted(json, block.Get("data"u8), elements++);
            }
        }

        if (any)
        {
            json.EndArray();
        }
    }

    private static void WriteToolCalls(JsonOut json, JsonValue content)
    {
        var any = false;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            var block = blocks.Value;
            if (!block.Get("type"u8).Is("tool_use"u8))
            {
                continue;
            }

            if (!any)
            {
                json.Name("tool_calls"u8);
                json.BeginArray();
                any = true;
            }

            json.BeginObject();
            json.Member("id"u8, block.Get("id"u8).IsString ? block.Get("id"u8).Raw : "\"\""u8);
            json.Member("type"u8, "\"function\""u8);
            json.Name("function"u8);
            json.BeginObject();
            json.Member("name"u8, block.Get("name"u8).IsString ? block.Get("name"u8).Raw : "\"\""u8);
            json.Name("arguments"u8);
            ToolArguments.WriteString(json, block.Get("input"u8));
            json.EndObject();
            json.EndObject();
        }

        if (any)
        {
            json.EndArray();
        }
    }
}
