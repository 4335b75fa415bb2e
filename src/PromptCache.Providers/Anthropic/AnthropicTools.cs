using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Tool definitions and the choice among them.</summary>
internal static class AnthropicTools
{
    /// <summary>Writes the <c>tools</c> member: functions are translated, Anthropic's own tools go as they are. Schemas are copied byte for byte.</summary>
    public static RequestError? Write(JsonOut json, JsonValue tools, AnthropicModel model)
    {
        if (tools.IsNothing)
        {
            return null;
        }

        if (!tools.IsArray)
        {
            return new("'tools' must be an array.", "tools", "invalid_type");
        }

        var marker = new ArrayBufferWriter<byte>(64);
        var items = tools.Items();
        while (items.MoveNext())
        {
            if (items.Index == 0)
            {
                json.Name("tools"u8);
                json.BeginArray();
            }

            if (WriteTool(json, items.Value, model, marker) is { } error)
            {
                return error.Within($"tools[{items.Index}]").Spelled();
            }
        }

        if (items.Index >= 0)
        {
            json.EndArray();
        }

        return null;
    }

    private static RequestError? WriteTool(JsonOut json, JsonValue tool, AnthropicModel model, ArrayBufferWriter<byte> marker)
    {
        var function = tool.Get("function"u8);
        if (!tool.IsObject || (tool.Get("type"u8).Is("function"u8) && !function.IsObject))
        {
            return AnthropicFault.Here("function", "must be an object.");
        }

        if (tool.Get("custom"u8).IsObject)
        {
            return AnthropicFault.Here("", "has free-form input, which Anthropic's tools do not have.", "unsupported_tool");
        }

        var own = tool.Get("cache_control"u8);
        marker.ResetWrittenCount();
        var error = own.IsNothing
            ? AnthropicCacheControl.Write(function.Get("cache_control"u8), marker)?.Within("function")
            : AnthropicCacheControl.Write(own, marker);
        if (error is not null)
        {
            return error;
        }

        json.BeginObject();
        if (function.IsObject)
        {
            if (!function.Get("name"u8).IsString)
            {
                return AnthropicFault.Here("function.name", "must be a string.");
            }

            WriteFunction(json, function, model);
        }

        CopyRest(json, tool, isFunction: function.IsObject);
        if (marker.WrittenCount > 0)
        {
            json.Member("cache_control"u8, marker.WrittenSpan);
        }

        json.EndObject();
        return null;
    }

    private static void WriteFunction(JsonOut json, JsonValue function, AnthropicModel model)
    {
        var hasSchema = false;
        var members = function.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("parameters"u8))
            {
                hasSchema = true;
                json.Name("input_schema"u8);
                WriteSchema(json, members.Value);
            }
            else if (members.NameIs("strict"u8))
            {
                if (members.Value.IsTrue && model.Schemas)
                {
                    json.Member("strict"u8, "true"u8);
                }
            }
            else if (!members.NameIs("cache_control"u8) && !members.Value.IsNothing)
            {
                json.RawName(members.RawName);
                json.Raw(members.Value.Raw);
            }
        }

        if (!hasSchema)
        {
            json.Name("input_schema"u8);
            WriteSchema(json, default);
        }
    }

    // Anthropic demands "type":"object" at the top; OpenAI does without.
    private static void WriteSchema(JsonOut json, JsonValue schema)
    {
        if (!schema.Members().MoveNext())
        {
            json.Raw("{\"type\":\"object\",\"properties\":{}}"u8);
            return;
        }

        if (schema.Get("type"u8).Exists)
        {
            json.Raw(schema.Raw);
            return;
        }

        json.BeginObject();
        json.Member("type"u8, "\"object\""u8);
        var members = schema.Members();
        while (members.MoveNext())
        {
            json.RawName(members.RawName);
            json.Raw(members.Value.Raw);
        }

        json.EndObject();
    }

    private static void CopyRest(JsonOut json, JsonValue tool, bool isFunction)
    {
        var members = tool.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("cache_control"u8) || (isFunction && (members.NameIs("type"u8) || members.NameIs("function"u8))))
            {
                continue;
            }

            json.RawName(members.RawName);
            json.Raw(members.Value.Raw);
        }
    }
}
