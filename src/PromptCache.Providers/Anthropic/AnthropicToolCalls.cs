using System.Buffers;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>The parts of a tool call that the two protocols spell differently.</summary>
internal static class AnthropicToolCalls
{
    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    /// <summary>Writes an id. Anthropic allows letters, digits, <c>_</c> and <c>-</c>; any other byte, from another vendor's id, becomes <c>_</c> in the call and in its result alike.</summary>
    public static void WriteId(JsonOut json, ReadOnlySpan<byte> name, JsonValue id)
    {
        json.Name(name);
        var text = id.Text;
        if (!text.ContainsAnyExcept(IdBytes))
        {
            json.Raw(id.Raw);
            return;
        }

        json.BeginText();
        foreach (var value in text)
        {
            json.TextPiece(IdBytes.Contains(value) ? [value] : "_"u8);
        }

        json.EndText();
    }

    /// <summary>Writes the arguments, a JSON text inside a JSON string, as the object that they are, byte for byte.</summary>
    /// <remarks>No arguments are <c>{}</c>. What is no JSON object, as some models produce, is kept as the string that it was: <c>{"arguments":"…"}</c>.</remarks>
    public static void WriteInput(JsonOut json, JsonValue arguments)
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
        if (JsonValue.TryParse(text.Span, out var input) && input.IsObject && System.Text.Unicode.Utf8.IsValid(input.Raw))
        {
            json.Raw(input.Raw);
            return;
        }

        json.BeginObject();
        json.Member("arguments"u8, arguments.Raw);
        json.EndObject();
    }

    /// <summary>Writes a tool's input as arguments: the JSON text, byte for byte, as a JSON string.</summary>
    public static void WriteArguments(JsonOut json, JsonValue input)
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
