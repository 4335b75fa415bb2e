using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary><c>tool_choice</c> to <c>toolConfig</c>. Gemini has no counterpart of <c>parallel_tool_calls</c>.</summary>
internal static class GeminiToolChoice
{
    /// <summary>Writes the <c>toolConfig</c> member.</summary>
    public static RequestError? Write(JsonOut json, JsonValue choice)
    {
        if (choice.IsNothing)
        {
            return null;
        }

        var word = choice.IsString ? choice : choice.Get("type"u8);
        if (word.Is("auto"u8))
        {
            Write(json, "\"AUTO\""u8);
        }
        else if (word.Is("none"u8))
        {
            Write(json, "\"NONE\""u8);
        }
        else if (word.Is("required"u8) || word.Is("any"u8))
        {
            Write(json, "\"ANY\""u8);
        }
        else if (word.Is("allowed_tools"u8))
        {
            var allowed = choice.Get("allowed_tools"u8).IsObject ? choice.Get("allowed_tools"u8) : choice;
            Begin(json, allowed.Get("mode"u8).Is("required"u8) ? "\"ANY\""u8 : "\"VALIDATED\""u8);
            WriteNames(json, allowed.Get("tools"u8));
            End(json);
        }
        else
        {
            var name = word.Is("function"u8) && choice.Get("function"u8).IsObject ? choice.Get("function"u8).Get("name"u8) : choice.Get("name"u8);
            if (!name.IsString)
            {
                return new("'tool_choice' must be auto, none, required or a function.", "tool_choice", "invalid_tool_choice");
            }

            Begin(json, "\"ANY\""u8);
            json.Name("allowedFunctionNames"u8);
            json.BeginArray();
            json.Raw(name.Raw);
            json.EndArray();
            End(json);
        }

        return null;
    }

    private static void WriteNames(JsonOut json, JsonValue tools)
    {
        json.Name("allowedFunctionNames"u8);
        json.BeginArray();
        var items = tools.Items();
        while (items.MoveNext())
        {
            var name = items.Value.Get("function"u8).IsObject ? items.Value.Get("function"u8).Get("name"u8) : items.Value.Get("name"u8);
            if (name.IsString)
            {
                json.Raw(name.Raw);
            }
        }

        json.EndArray();
    }

    private static void Write(JsonOut json, ReadOnlySpan<byte> mode)
    {
        Begin(json, mode);
        End(json);
    }

    private static void Begin(JsonOut json, ReadOnlySpan<byte> mode)
    {
        json.Name("toolConfig"u8);
        json.BeginObject();
        json.Name("functionCallingConfig"u8);
        json.BeginObject();
        json.Member("mode"u8, mode);
    }

    private static void End(JsonOut json)
    {
        json.EndObject();
        json.EndObject();
    }
}
