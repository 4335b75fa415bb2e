using System.Text.Unicode;
using PromptCache.Core.Wire;

namespace PromptCache.Providers.Json;

/// <summary>A function's arguments: a JSON text inside a JSON string at OpenAI, an object elsewhere.</summary>
internal static class ToolArguments
{
    /// <summary>Writes arguments as the object that they are, byte for byte.</summary>
    /// <remarks>No arguments are <c>{}</c>. What is no JSON object, as some models produce, is kept as the string that it was: <c>{"arguments":"…"}</c>.</remarks>
    public static void WriteObject(JsonOut json, JsonValue arguments)
    {
        if (arguments.IsObject)
        {
            json.Raw(arguments.Raw);
            return;
        }

        if (arguments.IsNothing || (arguments.IsString && arguments.IsBlankText()))
        {
            json.Raw("{}"u8);
            return;
        }

        using var text = new PooledText(arguments);
        if (JsonValue.TryParse(text.Span, out var input) && input.IsObject && Utf8.IsValid(input.Raw))
        {
            json.Raw(input.Raw);
            return;
        }

        json.BeginObject();
        json.Member("arguments"u8, arguments.Raw);
        json.EndObject();
    }

    /// <summary>Writes an object as arguments: the JSON text, byte for byte, as a JSON string.</summary>
    public static void WriteString(JsonOut json, JsonValue input)
    {
        if (input.IsNothing)
        {
            json.Raw("\"{}\""u8);
            return;
        }

        using var escaped = new PooledBytes(input.Raw.Length + 64);
        JsonEscaping.Escape(input.Raw, escaped);
        json.RawText(escaped.Span);
    }
}
