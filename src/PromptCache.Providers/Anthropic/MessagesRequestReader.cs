using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>A request to <c>/v1/messages</c> as a chat completion. Blocks and tools that have no counterpart go along as they are: they are part of the prefix, and what cannot be done with them the provider says best.</summary>
internal static class MessagesRequestReader
{
    private const int MaxUserBytes = 64;

    /// <summary>Writes the chat completion; says why the body is no Messages request, if it is none.</summary>
    public static RequestError? Write(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (!JsonValue.TryParse(body, out var request) || !request.IsObject)
        {
            return new("The body is not a JSON object, or nested too deeply.", null, "invalid_json");
        }

        if (!request.Get("model"u8).IsString)
        {
            return new("'model' must be a string.", "model", "invalid_type");
        }

        if (!request.Get("messages"u8).IsArray)
        {
            return new("'messages' must be an array.", "messages", "invalid_type");
        }

        var json = new JsonOut(output);
        json.BeginObject();
        json.Member("model"u8, request.Get("model"u8).Raw);
        MessagesTools.Write(json, request.Get("tools"u8));
        if (new MessagesConversation(json).Write(request.Get("system"u8), request.Get("messages"u8)) is { } error)
        {
            return error;
        }

        WriteParameters(json, request);
        json.EndObject();
        return null;
    }

    /// <summary>Finds what would be missed: servers whose tools the model shall call, and a container whose files it shall see.</summary>
    public static RequestError? FindUntranslatable(ReadOnlySpan<byte> body)
    {
        return !JsonValue.TryParse(body, out var request) ? null
            : request.Get("mcp_servers"u8).Items().MoveNext() ? Only("mcp_servers")
            : request.Get("container"u8).IsNothing ? null
            : Only("container");
    }

    private static RequestError Only(string name) => new($"'{name}' can be used only with a provider that speaks Anthropic's protocol.", name, "unsupported_parameter");

    private static void WriteParameters(JsonOut json, JsonValue request)
    {
        Copy(json, "max_completion_tokens"u8, request.Get("max_tokens"u8));
        Copy(json, "temperature"u8, request.Get("temperature"u8));
        Copy(json, "top_p"u8, request.Get("top_p"u8));
        Copy(json, "stop"u8, request.Get("stop_sequences"u8));
        Copy(json, "speed"u8, request.Get("speed"u8));
        WriteCitations(json, request.Get("messages"u8));
        MessagesTools.WriteChoice(json, request.Get("tool_choice"u8));
        WriteReasoning(json, request.Get("thinking"u8), request.Get("output_config"u8).Get("effort"u8));
        var format = request.Get("output_config"u8).Get("format"u8);
        WriteFormat(json, format.IsObject ? format : request.Get("output_format"u8));

        // Claude Code's user ids are longer than what OpenAI accepts.
        var user = request.Get("metadata"u8).Get("user_id"u8);
        if (user.IsString && user.Text.Length <= MaxUserBytes)
        {
            json.Member("user"u8, user.Raw);
        }

        Copy(json, "cache_control"u8, request.Get("cache_control"u8));
        if (request.Get("stream"u8).IsTrue)
        {
            // A Messages stream always ends with its usage.
            json.Member("stream"u8, "true"u8);
            json.Member("stream_options"u8, "{\"include_usage\":true}"u8);
        }
    }

    private static void Copy(JsonOut json, ReadOnlySpan<byte> name, JsonValue value)
    {
        if (!value.IsNothing)
        {
            json.Member(name, value.Raw);
        }
    }

    private static void WriteReasoning(JsonOut json, JsonValue thinking, JsonValue effort)
    {
        if (effort.IsString)
        {
            json.Name("output_config"u8);
            json.BeginObject();
            json.Member("effort"u8, effort.Raw);
            json.EndObject();
        }

        // Without a word about thinking the models think by default, and effort alone says how hard.
        var type = thinking.Get("type"u8);
        if (!thinking.IsNothing && !type.Is("enabled"u8) && !type.Is("adaptive"u8))
        {
            return;
        }

        Copy(json, "thinking"u8, thinking);
        if (effort.IsString)
        {
            json.Member("reasoning_effort"u8, effort.Is("max"u8) ? "\"xhigh\""u8 : effort.Raw);
        }
        else if (thinking.Get("budget_tokens"u8).TryGetInt64(out var budget))
        {
            json.Member("reasoning_effort"u8, AnthropicBudgets.EffortFor(budget) switch
            {
                ChatEffort.Low => "\"low\""u8,
                ChatEffort.Medium => "\"medium\""u8,
                _ => "\"high\""u8,
            });
        }
    }

    // A document that is to be cited becomes a part that has no word for it.
    private static void WriteCitations(JsonOut json, JsonValue messages)
    {
        var items = messages.Items();
        while (items.MoveNext())
        {
            var blocks = items.Value.Get("content"u8).Items();
            while (blocks.MoveNext())
            {
                var citations = blocks.Value.Get("citations"u8);
                if (citations.Get("enabled"u8).IsTrue)
                {
                    json.Member("citations"u8, citations.Raw);
                    return;
                }
            }
        }
    }

    private static void WriteFormat(JsonOut json, JsonValue format)
    {
        var schema = format.Get("schema"u8);
        if (!schema.IsObject)
        {
            return;
        }

        json.Name("response_format"u8);
        json.BeginObject();
        json.Member("type"u8, "\"json_schema\""u8);
        json.Name("json_schema"u8);
        json.BeginObject();
        json.Member("name"u8, "\"response\""u8);
        json.Member("strict"u8, "true"u8);
        json.Member("schema"u8, schema.Raw);
        json.EndObject();
        json.EndObject();
    }
}
