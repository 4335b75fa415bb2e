using System.Text.Json;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>A Gemini request as prompt parts: tools, system instruction, contents.</summary>
/// <remarks>
/// Google's vocabulary is not public: counts use the catalog's encoding for the model, and OpenAI's overhead per message, so that a gateway's
/// figures can be compared. Media count 258 tokens, as the token-counting guide gives for a small image.
/// </remarks>
internal static class GeminiPrompt
{
    private const int MediaTokens = 258;

    public static List<PromptPart> Parts(JsonElement root, ModelTokenizer model, PromptMeter meter)
    {
        var parts = new List<PromptPart>();
        foreach (var tool in root.Field("tools").Items())
        {
            parts.AddRange(tool.Field("functionDeclarations").Items().Select(d => ToolPart.Of(CompactJson.Of(d), model)));
            if (tool.Field("functionDeclarations").IsMissing())
            {
                parts.Add(new(PromptLevel.Tools, "tool", CompactJson.Of(tool)));
            }
        }

        ToolPart.EndList(parts);
        Add(parts, PromptLevel.System, "system", root.Field("systemInstruction"), model, meter);
        foreach (var content in root.Field("contents").Items())
        {
            Add(parts, PromptLevel.Messages, content.FieldText("role") is "model" ? "assistant" : "user", content, model, meter);
        }

        return parts;
    }

    private static void Add(List<PromptPart> parts, PromptLevel level, string role, JsonElement content, ModelTokenizer model, PromptMeter meter)
    {
        var first = parts.Count;
        parts.AddRange(content.Field("parts").Items().Select(p => Part(level, role, p)));
        if (first < parts.Count)
        {
            var overhead = model.Format.TokensPerMessage + meter.Count(System.Text.Encoding.UTF8.GetBytes(role), model.Tokenizer);
            parts[first] = parts[first] with { ExtraTokens = parts[first].ExtraTokens + overhead, Tag = $"{parts[first].Tag} starts" };
        }
    }

    private static PromptPart Part(PromptLevel level, string role, JsonElement part)
    {
        if (part.Field("text") is { ValueKind: JsonValueKind.String } text)
        {
            return new(level, $"{role} text {part.Field("thought").IsTrue()} {part.FieldText("thoughtSignature")}", JsonText.Utf8(text));
        }

        return part.Field("inlineData").IsMissing() && part.Field("fileData").IsMissing()
            ? new(level, $"{role} part", CompactJson.Of(part))
            : new(level, $"{role} {CompactJson.TextOf(part)}", []) { ExtraTokens = MediaTokens };
    }
}
