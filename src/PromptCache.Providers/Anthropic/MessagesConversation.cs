using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary><c>system</c> and <c>messages</c> of a Messages request as chat messages: tool results become messages of their own, tool uses the assistant's <c>tool_calls</c>, thinking its <c>reasoning_content</c>.</summary>
internal sealed class MessagesConversation(JsonOut json)
{
    /// <summary>Writes the <c>messages</c> member.</summary>
    public RequestError? Write(JsonValue system, JsonValue messages)
    {
        json.Name("messages"u8);
        json.BeginArray();
        if (system.IsString || system.Items().MoveNext())
        {
            WriteMessage("\"system\""u8, system);
        }

        var items = messages.Items();
        while (items.MoveNext())
        {
            var role = items.Value.Get("role"u8);
            var content = items.Value.Get("content"u8);
            if (!content.IsString && !content.IsArray)
            {
                return new($"'messages[{items.Index}].content' must be a string or an array.", $"messages[{items.Index}].content", "invalid_type");
            }

            if (role.Is("assistant"u8))
            {
                WriteAssistant(content);
            }
            else if (role.Is("user"u8))
            {
                new MessagesUserTurn(json).Write(content);
            }
            else if (role.Is("system"u8))
            {
                WriteMessage("\"system\""u8, content);
            }
            else
            {
                return new($"'messages[{items.Index}].role' must be user, assistant or system.", $"messages[{items.Index}].role", "invalid_role");
            }
        }

        json.EndArray();
        return null;
    }

    private static bool Is(JsonValue block, ReadOnlySpan<byte> type) => block.Get("type"u8).Is(type);

    private void WriteMessage(ReadOnlySpan<byte> role, JsonValue content)
    {
        json.BeginObject();
        json.Member("role"u8, role);
        json.Name("content"u8);
        if (content.IsString)
        {
            json.Raw(content.Raw);
        }
        else
        {
            json.BeginArray();
            var blocks = content.Items();
            while (blocks.MoveNext())
            {
                MessagesParts.Write(json, blocks.Value);
            }

            json.EndArray();
        }

        json.EndObject();
    }

    private void WriteAssistant(JsonValue content)
    {
        if (content.IsString)
        {
            WriteMessage("\"assistant\""u8, content);
            return;
        }

        json.BeginObject();
        json.Member("role"u8, "\"assistant\""u8);
        json.Name("content"u8);
        if (WriteParts(content) == 0)
        {
            json.Raw(HasToolUse(content) ? "null"u8 : "\"\""u8);
        }

        WriteReasoning(content);
        WriteToolCalls(content);
        json.EndObject();
    }

    private static bool HasToolUse(JsonValue content)
    {
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            if (Is(blocks.Value, "tool_use"u8))
            {
                return true;
            }
        }

        return false;
    }

    private int WriteParts(JsonValue content)
    {
        var count = 0;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            var block = blocks.Value;
            if (Is(block, "tool_use"u8) || Is(block, "thinking"u8) || Is(block, "redacted_thinking"u8))
            {
                continue;
            }

            if (count++ == 0)
            {
                json.BeginArray();
            }

            MessagesParts.Write(json, block);
        }

        if (count > 0)
        {
            json.EndArray();
        }

        return count;
    }

    private void WriteReasoning(JsonValue content)
    {
        var any = false;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            var text = blocks.Value.Get("thinking"u8).Text;
            if (text.IsEmpty || !Is(blocks.Value, "thinking"u8))
            {
                continue;
            }

            if (!any)
            {
                json.Name("reasoning_content"u8);
                json.BeginText();
                any = true;
            }

            json.TextPiece(text);
        }

        if (any)
        {
            json.EndText();
        }
    }

    private void WriteToolCalls(JsonValue content)
    {
        var any = false;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            var block = blocks.Value;
            if (!Is(block, "tool_use"u8))
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
            MessagesParts.WriteMarker(json, block);
            json.EndObject();
        }

        if (any)
        {
            json.EndArray();
        }
    }
}
