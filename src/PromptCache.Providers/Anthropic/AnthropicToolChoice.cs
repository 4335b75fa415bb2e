using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary><c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class AnthropicToolChoice
{
    /// <summary>Whether the choice forces a tool: that does not go together with thinking, and some models refuse it.</summary>
    public static bool Forces(JsonValue choice)
    {
        if (choice.IsString)
        {
            return choice.Is("required"u8) || choice.Is("any"u8);
        }

        var type = choice.Get("type"u8);
        return type.Is("function"u8) || type.Is("tool"u8) || type.Is("any"u8) || type.Is("required"u8)
            || (type.Is("allowed_tools"u8) && choice.Get("allowed_tools"u8).Get("mode"u8).Is("required"u8));
    }

    /// <summary>Writes the <c>tool_choice</c> member.</summary>
    public static RequestError? Write(JsonOut json, JsonValue choice, JsonValue parallel, AnthropicModel model)
    {
        if (!model.ForcedTools && Forces(choice))
        {
            // Asking politely instead would let a client wait for a call that may not come.
            return new("'tool_choice' cannot force a tool: this model takes 'auto' and 'none' only.", "tool_choice", "unsupported_tool_choice");
        }

        if (choice.IsNothing)
        {
            if (parallel.IsFalse)
            {
                Write(json, "\"auto\""u8, default, parallel);
            }

            return null;
        }

        var word = choice.IsString ? choice : choice.Get("type"u8);
        if (word.Is("auto"u8))
        {
            Write(json, "\"auto\""u8, default, IsOff(choice, parallel));
        }
        else if (word.Is("none"u8))
        {
            Write(json, "\"none\""u8, default, default);
        }
        else if (word.Is("required"u8) || word.Is("any"u8))
        {
            Write(json, "\"any\""u8, default, IsOff(choice, parallel));
        }
        else if (word.Is("allowed_tools"u8))
        {
            // The list cannot be narrowed without touching the tools, that is, the cache.
            var required = choice.Get("allowed_tools"u8).Get("mode"u8).Is("required"u8);
            Write(json, required ? "\"any\""u8 : "\"auto\""u8, default, parallel);
        }
        else
        {
            var name = word.Is("function"u8) ? choice.Get("function"u8).Get("name"u8) : choice.Get("name"u8);
            if (!name.IsString)
            {
                return new("'tool_choice' must be auto, none, required or a function.", "tool_choice", "invalid_tool_choice");
            }

            Write(json, "\"tool\""u8, name, IsOff(choice, parallel));
        }

        return null;
    }

    // A choice in Anthropic's own words says it itself, the other way round.
    private static JsonValue IsOff(JsonValue choice, JsonValue parallel)
        => choice.Get("disable_parallel_tool_use"u8).IsTrue ? new("false"u8) : parallel;

    private static void Write(JsonOut json, ReadOnlySpan<byte> type, JsonValue name, JsonValue parallel)
    {
        json.Name("tool_choice"u8);
        json.BeginObject();
        json.Member("type"u8, type);
        if (name.IsString)
        {
            json.Member("name"u8, name.Raw);
        }

        if (parallel.IsFalse)
        {
            json.Member("disable_parallel_tool_use"u8, "true"u8);
        }

        json.EndObject();
    }
}
