using System.Buffers;
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
}
