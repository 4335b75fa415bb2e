using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Anthropic's tool definitions and tool choice in OpenAI's words.</summary>
internal static class MessagesTools
{
    /// <summary>Writes the <c>tools</c> member; schemas are copied byte for byte, tools without one (Anthropic's own) as they are.</summary>
    public static void Write(JsonOut json, JsonValue tools)
    {
        var items = tools.Items();
        while (items.MoveNext())
        {
            if (items.Index == 0)
            {
                json.Name("tools"u8);
                json.BeginArray();
            }

            var tool = items.Value;
            if (tool.Get("input_schema"u8).IsObject)
            {
                WriteTool(json, tool);
            }
            else
            {
                json.Raw(tool.Raw);
            }
        }

        if (items.Index >= 0)
        {
            json.EndArray();
        }
    }

    /// <summary>Writes <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    public static void WriteChoice(JsonOut json, JsonValue choice)
    {
        var type = choice.Get("type"u8);
        if (type.Is("tool"u8))
        {
            json.Name("tool_choice"u8);
            json.BeginObject();
            json.Member("type"u8, "\"function\""u8);
            json.Name("function"u8);
            json.BeginObject();
            json.Member("name"u8, choice.Get("name"u8).IsString ? choice.Get("name"u8).Raw : "\"\""u8);
            json.EndObject();
            json.EndObject();
        }
        else if (type.IsString)
        {
            json.Member("tool_choice"u8, type.Is("any"u8) ? "\"required\""u8 : type.Raw);
        }

        if (choice.Get("disable_parallel_tool_use"u8).IsTrue)
        {
            json.Member("parallel_tool_calls"u8, "false"u8);
        }
    }

    private static void WriteTool(JsonOut json, JsonValue tool)
    {
        json.BeginObject();
        json.Member("type"u8, "\"function\""u8);
        json.Name("function"u8);
        json.BeginObject();
        JsonValue marker = default;
        var members = tool.Members();
        while (members.MoveNext())
        {
            if (members.NameIs("cache_control"u8))
            {
                marker = members.Value;
            }
            else if (members.NameIs("input_schema"u8))
            {
                json.Member("parameters"u8, members.Value.Raw);
            }
            else if (members.NameIs("name"u8) || members.NameIs("description"u8) || members.NameIs("strict"u8))
            {
                json.RawName(members.RawName);
                json.Raw(members.Value.Raw);
            }
        }

        json.EndObject();
        if (!marker.IsNothing)
        {
            json.Member("cache_control"u8, marker.Raw);
        }

        json.EndObject();
    }
}
