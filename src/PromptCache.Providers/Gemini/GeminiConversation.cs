using PromptCache.Core.Requests;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Chat messages to <c>systemInstruction</c> and <c>contents</c>. What a message becomes depends on it and on those before it, never on later turns, so that prefixes stay.</summary>
/// <param name="model">The model's line.</param>
/// <param name="writer">Where they are written.</param>
/// <param name="cut">Where the prefix ends.</param>
/// <param name="rest">Where what stands behind the cut goes.</param>
internal sealed class GeminiConversation(GeminiModel model, GeminiContentWriter writer, GeminiCut cut, JsonOut rest)
{
    private readonly GeminiResults _results = new(model, writer);
    private bool _leading = true;

    /// <summary>Writes all messages.</summary>
    public RequestError? Write(JsonValue messages)
    {
        if (!messages.IsArray)
        {
            return new("'messages' must be an array.", "messages", "invalid_type");
        }

        var items = messages.Items();
        while (items.MoveNext())
        {
            if (WriteMessage(new(items.Value), items.Index) is { } error)
            {
                return error;
            }
        }

        writer.End();
        return writer.Count > 0 ? null : new("Gemini needs a message of a user beside the system prompt.", "messages", "empty_messages");
    }

    private RequestError? WriteMessage(ChatMessage message, int index)
    {
        var path = $"messages[{index}]";
        var system = message.Role.Is("system"u8) || message.Role.Is("developer"u8);
        if (_leading && !system)
        {
            _leading = false;
            CutIf(cut.IsBehindSystem);
        }

        if (system)
        {
            writer.BeginContent(_leading ? GeminiRole.Leading : GeminiRole.User, joins: _leading);
            return _leading || !message.Content.IsString ? WriteContent(message.Content, default, index, path) : WriteLaterSystem(message.Content, index);
        }

        if (message.Role.Is("user"u8))
        {
            writer.BeginContent(GeminiRole.User, joins: false);
            return WriteContent(message.Content, default, index, path);
        }

        if (message.Role.Is("assistant"u8))
        {
            return WriteAssistant(message, index, path);
        }

        if (!message.Role.Is("tool"u8))
        {
            return new($"'{path}.role' must be system, developer, user, assistant or tool.", path + ".role", "invalid_role");
        }

        // The results of parallel calls are one content: Gemini counts them against the calls.
        writer.BeginContent(GeminiRole.Results, joins: true);
        var error = _results.Write(message, path);
        CutIf(cut.IsBehindResult(index));
        return error;
    }

    // Gemini knows a system instruction at the beginning only: a later one becomes a user's content that says what it was.
    private RequestError? WriteLaterSystem(JsonValue text, int index)
    {
        var json = writer.BeginPart();
        json.Name("text"u8);
        json.RawText("<system>\\n"u8, text.Text, "\\n</system>"u8);
        CutIf(cut.IsBehindContent(index, -1));
        return null;
    }

    private RequestError? WriteAssistant(ChatMessage message, int index, string path)
    {
        if (!message.FunctionCall.IsNothing)
        {
            return new($"'{path}.function_call' is not supported: use 'tool_calls'.", path + ".function_call", "unsupported_parameter");
        }

        writer.BeginContent(GeminiRole.Model, joins: false);
        var content = message.Content.IsNothing && message.Refusal.IsString ? message.Refusal : message.Content;
        var error = WriteContent(content, GeminiSignatures.OfText(message.ReasoningDetails), index, path);
        var calls = message.ToolCalls.Items();
        while (error is null && calls.MoveNext())
        {
            error = WriteCall(calls.Value, message.ReasoningDetails, calls.Index, $"{path}.tool_calls[{calls.Index}]");
            CutIf(cut.IsBehindCall(index, calls.Index));
        }

        return error;
    }

    private RequestError? WriteCall(JsonValue call, JsonValue details, int position, string path)
    {
        var function = call.Get("function"u8);
        var id = call.Get("id"u8);
        var name = function.Get("name"u8);
        if (!id.IsString || !name.IsString)
        {
            return new($"'{path}' must have an 'id' and a 'function' with a 'name'.", path, "invalid_tool_call");
        }

        _results.Remember(id, name);
        var json = writer.BeginPart();
        json.Name("functionCall"u8);
        json.BeginObject();
        json.Member("id"u8, id.Raw);
        json.Member("name"u8, name.Raw);
        json.Name("args"u8);
        ToolArguments.WriteObject(json, function.Get("arguments"u8));
        json.EndObject();
        var signature = GeminiSignatures.OfCall(call, details);
        if (signature.Exists)
        {
            json.Member("thoughtSignature"u8, signature.Raw);
        }
        else if (position == 0 && model.Signed)
        {
            // Of parallel calls only the first is signed.
            json.Member("thoughtSignature"u8, GeminiSignatures.Unknown);
        }

        return null;
    }

    // A signature belongs to the text's last part.
    private RequestError? WriteContent(JsonValue content, JsonValue signature, int index, string path)
    {
        if (!content.IsString && !content.IsArray && !content.IsNothing)
        {
            return new($"'{path}.content' must be a string or an array of parts.", path + ".content", "invalid_type");
        }

        JsonOut? open = null;
        var due = false;
        if (content.IsString && content.Raw.Length > 2)
        {
            open = writer.BeginPart();
            open.Member("text"u8, content.Raw);
        }

        var parts = content.Items();
        while (parts.MoveNext())
        {
            if (!GeminiParts.IsDropped(parts.Value))
            {
                CutIf(due);
                due = false;
                open = writer.BeginPart();
                if (GeminiParts.Write(open, parts.Value, $"{path}.content[{parts.Index}]") is { } error)
                {
                    return error;
                }
            }

            due |= cut.IsBehindContent(index, parts.Index);
        }

        if (signature.Exists)
        {
            if (open is null)
            {
                open = writer.BeginPart();
                open.Member("text"u8, "\"\""u8);
            }

            open.Member("thoughtSignature"u8, signature.Raw);
        }

        CutIf(due || cut.IsBehindContent(index, -1));
        return null;
    }

    private void CutIf(bool here)
    {
        if (here)
        {
            writer.Cut(rest);
        }
    }
}
