using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>A whole chat completion as a Messages response.</summary>
internal static class MessagesBody
{
    /// <summary>Writes the message.</summary>
    public static void Write(JsonOut json, JsonValue completion, JsonValue choice, ResponseTranslation options)
    {
        var message = choice.Get("message"u8);
        json.BeginObject();
        json.Name("id"u8);
        if (completion.Get("id"u8).IsString)
        {
            json.Raw(completion.Get("id"u8).Raw);
        }
        else
        {
            json.Text(options.RequestId);
        }

        json.Member("type"u8, "\"message\""u8);
        json.Member("role"u8, "\"assistant\""u8);
        json.Name("model"u8);
        json.Text(options.Model);
        json.Name("content"u8);
        json.BeginArray();
        WriteThinking(json, message);
        WriteText(json, message);
        var calls = WriteToolUses(json, message.Get("tool_calls"u8));
        json.EndArray();
        json.Member("stop_reason"u8, AnthropicStopReason.FromFinishReason(choice.Get("finish_reason"u8), calls > 0));
        json.Member("stop_sequence"u8, "null"u8);
        json.Name("usage"u8);
        MessagesUsage.Write(json, completion.Get("usage"u8));
        var cost = completion.Get("cost_details"u8);
        if (cost.IsObject)
        {
            json.Member("cost_details"u8, cost.Raw);
        }

        json.EndObject();
    }

    private static void WriteThinking(JsonOut json, JsonValue message)
    {
        var text = message.Get("reasoning_content"u8);
        text = text.Text.IsEmpty ? message.Get("reasoning"u8) : text;
        if (text.Text.IsEmpty)
        {
            return;
        }

        json.BeginObject();
        json.Member("type"u8, "\"thinking\""u8);
        json.Member("thinking"u8, text.Raw);
        json.Member("signature"u8, "\"\""u8);
        json.EndObject();
    }

    private static void WriteText(JsonOut json, JsonValue message)
    {
        var content = message.Get("content"u8);
        WriteTextBlock(json, content);
        var parts = content.Items();
        while (parts.MoveNext())
        {
            WriteTextBlock(json, parts.Value.Get("text"u8));
        }

        if (content.Text.IsEmpty)
        {
            WriteTextBlock(json, message.Get("refusal"u8));
        }
    }

    private static void WriteTextBlock(JsonOut json, JsonValue text)
    {
        if (text.Text.IsEmpty)
        {
            return;
        }

        json.BeginObject();
        json.Member("type"u8, "\"text\""u8);
        json.Member("text"u8, text.Raw);
        json.Member("citations"u8, "null"u8);
        json.EndObject();
    }

    private static int WriteToolUses(JsonOut json, JsonValue calls)
    {
        var items = calls.Items();
        while (items.MoveNext())
        {
            var function = items.Value.Get("function"u8);
            var id = items.Value.Get("id"u8);
            json.BeginObject();
            json.Member("type"u8, "\"tool_use\""u8);
            json.Member("id"u8, id.IsString ? id.Raw : "\"\""u8);
            json.Member("name"u8, function.Get("name"u8).IsString ? function.Get("name"u8).Raw : "\"\""u8);
            json.Name("input"u8);
            ToolArguments.WriteObject(json, function.Get("arguments"u8));
            json.Member("caller"u8, "{\"type\":\"direct\"}"u8);
            json.EndObject();
        }

        return items.Index + 1;
    }
}
