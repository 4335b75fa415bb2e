using PromptCache.Core.Requests;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Chat messages to <c>system</c> and <c>messages</c>. What a message becomes depends on it and on those before it, never on later turns, so that prefixes stay.</summary>
internal sealed class AnthropicConversation(AnthropicModel model, AnthropicMessageWriter writer)
{
    private readonly AnthropicContentTranslator _content = new(writer);
    private bool _leading = true;

    /// <summary>The conversation stands in the middle of tool calls that an assistant made without (signed) thinking.</summary>
    public bool UnthinkingToolTurn { get; private set; }

    /// <summary>Writes all messages; <paramref name="instruction"/> goes behind the system prompt.</summary>
    public RequestError? Write(JsonValue messages, ReadOnlySpan<byte> instruction)
    {
        if (!messages.IsArray)
        {
            return new("'messages' must be an array.", "messages", "invalid_type");
        }

        var items = messages.Items();
        while (items.MoveNext())
        {
            if (WriteMessage(new(items.Value), items, instruction) is { } error)
            {
                return error.Within($"messages[{items.Index}]").Spelled();
            }
        }

        writer.End();
        return writer.Count > 0 ? null : new("Anthropic needs a message of a user beside the system prompt.", "messages", "empty_messages");
    }

    private RequestError? WriteMessage(ChatMessage message, JsonItems at, ReadOnlySpan<byte> instruction)
    {
        var system = message.Role.Is("system"u8) || message.Role.Is("developer"u8);
        if (_leading && !system)
        {
            _leading = false;
            WriteInstruction(instruction);
        }

        if (system)
        {
            return _leading ? WriteSystem(AnthropicRole.Leading, message) : WriteLaterSystem(message, at);
        }

        if (message.Role.Is("user"u8))
        {
            return WriteUser(message);
        }

        if (message.Role.Is("assistant"u8))
        {
            return WriteAssistant(message);
        }

        return message.Role.Is("tool"u8)
            ? WriteToolResult(message)
            : AnthropicFault.Here("role", "must be system, developer, user, assistant or tool.", "invalid_role");
    }

    private void WriteInstruction(ReadOnlySpan<byte> instruction)
    {
        if (!instruction.IsEmpty)
        {
            writer.BeginMessage(AnthropicRole.Leading, joins: true);
            var json = writer.BeginBlock();
            json.Member("type"u8, "\"text\""u8);
            json.Name("text"u8);
            json.Text(instruction);
        }
    }

    private RequestError? WriteContent(ChatMessage message)
        => _content.Write(message.Content)?.Within("content") ?? writer.Mark(message.CacheControl);

    private RequestError? WriteSystem(AnthropicRole role, ChatMessage message)
    {
        writer.BeginMessage(role, joins: true);
        return WriteContent(message);
    }

    // Where the model takes no system message among the messages, or not at this place (it must follow a user's message and
    // be followed by an assistant's or by nothing), it becomes a user's message that says what it was.
    private RequestError? WriteLaterSystem(ChatMessage message, JsonItems at)
    {
        if (model.LaterSystem && writer.Written is AnthropicRole.User or AnthropicRole.ToolResults or AnthropicRole.System && AssistantIsNext(at))
        {
            return WriteSystem(AnthropicRole.System, message);
        }

        writer.BeginMessage(AnthropicRole.User, joins: false);
        _content.FramesText = true;
        var error = WriteContent(message);
        _content.FramesText = false;
        return error;
    }

    private RequestError? WriteUser(ChatMessage message)
    {
        writer.BeginMessage(AnthropicRole.User, joins: false);
        _content.SawToolResult = false;
        var error = WriteContent(message);
        UnthinkingToolTurn &= _content.SawToolResult;
        return error;
    }

    private RequestError? WriteAssistant(ChatMessage message)
    {
        if (!message.FunctionCall.IsNothing)
        {
            return AnthropicFault.Here("function_call", "is not supported: use 'tool_calls'.", "unsupported_parameter");
        }

        writer.BeginMessage(AnthropicRole.Assistant, joins: false);
        _content.SawThinking = false;
        _content.SawToolUse = false;
        var thinking = new AnthropicThinkingReplay(writer, message);
        thinking.WriteUpTo(0);
        var element = thinking.Written;
        var hasContent = message.Content.IsArray || (message.Content.IsString && !message.Content.IsBlankText());
        if (_content.Write(message.Content) is { } error)
        {
            return error.Within("content");
        }

        if (message.Content.IsNothing && message.Refusal.IsString)
        {
            hasContent = true;
            _ = _content.Write(message.Refusal);
        }

        var calls = message.ToolCalls.Items();
        var position = element + (hasContent ? 1 : 0);
        while (calls.MoveNext())
        {
            position += thinking.WriteUpTo(position);
            if (WriteToolCall(calls.Value) is { } wrong)
            {
                return wrong.Within($"tool_calls[{calls.Index}]");
            }

            position++;
            _content.SawToolUse = true;
        }

        thinking.WriteUpTo(int.MaxValue);
        if (writer.Written == AnthropicRole.System)
        {
            // An answer without content, which is not written: but behind a system message an assistant's has to follow.
            var json = writer.BeginBlock();
            json.Member("type"u8, "\"text\""u8);
            json.Member("text"u8, "\"(no content)\""u8);
        }

        UnthinkingToolTurn = _content.SawToolUse && !_content.SawThinking && thinking.Written == 0;
        return writer.Mark(message.CacheControl);
    }

    private RequestError? WriteToolCall(JsonValue call)
    {
        var function = call.Get("function"u8);
        var id = call.Get("id"u8);
        var name = function.Get("name"u8);
        if (!id.IsString || !name.IsString)
        {
            return AnthropicFault.Here("", "must have an 'id' and a 'function' with a 'name'.", "invalid_tool_call");
        }

        var json = writer.BeginBlock();
        json.Member("type"u8, "\"tool_use\""u8);
        AnthropicToolCalls.WriteId(json, "id"u8, id);
        json.Member("name"u8, name.Raw);
        json.Name("input"u8);
        ToolArguments.WriteObject(json, function.Get("arguments"u8));
        return writer.Mark(call.Get("cache_control"u8)) ?? writer.Mark(function.Get("cache_control"u8))?.Within("function");
    }

    private RequestError? WriteToolResult(ChatMessage message)
    {
        if (!message.ToolCallId.IsString)
        {
            return AnthropicFault.Here("tool_call_id", "must be a string.");
        }

        writer.BeginMessage(AnthropicRole.ToolResults, joins: true);
        var json = writer.BeginBlock();
        json.Member("type"u8, "\"tool_result\""u8);
        AnthropicToolCalls.WriteId(json, "tool_use_id"u8, message.ToolCallId);
        if (message.IsError.IsTrue)
        {
            json.Member("is_error"u8, "true"u8);
        }

        return _content.WriteResult(json, message.Content)?.Within("content")
            ?? writer.Mark(message.CacheControl)
            ?? _content.LiftMarkers(message.Content)?.Within("content");
    }

    private static bool AssistantIsNext(JsonItems at)
    {
        while (at.MoveNext())
        {
            var role = at.Value.Get("role"u8);
            if (!role.Is("system"u8) && !role.Is("developer"u8))
            {
                return role.Is("assistant"u8);
            }
        }

        return true;
    }
}
