using System.Collections.Frozen;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>The messages of the Gemini API (v1beta, after python-genai's types of 2026-08): their fields, and which of those are messages themselves.</summary>
/// <remarks>A field without a type holds a scalar, or something that is not looked into; <c>*</c> in front of a type: a map of such.</remarks>
internal static class GeminiFields
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> Types = new Dictionary<string, string>
    {
        ["GenerateContentRequest"] = "model contents:Content systemInstruction:Content tools:Tool toolConfig:ToolConfig safetySettings generationConfig:GenerationConfig cachedContent serviceTier store",
        ["CachedContent"] = "name model displayName contents:Content systemInstruction:Content tools:Tool toolConfig:ToolConfig ttl expireTime",
        ["Content"] = "role parts:Part",
        ["Part"] = "text inlineData:Blob fileData:FileData functionCall:FunctionCall functionResponse:FunctionResponse executableCode codeExecutionResult videoMetadata thought thoughtSignature mediaResolution partMetadata",
        ["Blob"] = "mimeType data displayName",
        ["FileData"] = "mimeType fileUri displayName",
        ["FunctionCall"] = "id name args",
        ["FunctionResponse"] = "id name response parts willContinue scheduling",
        ["Tool"] = "functionDeclarations:FunctionDeclaration googleSearch googleSearchRetrieval codeExecution urlContext computerUse fileSearch googleMaps mcpServers",
        ["FunctionDeclaration"] = "name description parameters:Schema parametersJsonSchema response:Schema responseJsonSchema behavior",
        ["Schema"] = "type format title description nullable enum maxItems minItems properties:*Schema required minProperties maxProperties minLength maxLength pattern example anyOf:Schema propertyOrdering default items:Schema minimum maximum",
        ["ToolConfig"] = "functionCallingConfig:FunctionCallingConfig retrievalConfig includeServerSideToolInvocations",
        ["FunctionCallingConfig"] = "mode allowedFunctionNames",
        ["GenerationConfig"] = "stopSequences responseMimeType responseSchema:Schema responseJsonSchema responseFormat responseModalities candidateCount maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseLogprobs logprobs enableEnhancedCivicAnswers speechConfig thinkingConfig:ThinkingConfig imageConfig mediaResolution",
        ["ThinkingConfig"] = "includeThoughts thinkingBudget thinkingLevel",
    }.ToFrozenDictionary(t => t.Key, t => Fields(t.Value), StringComparer.Ordinal);

    /// <summary>The fields that a message may not have, in it and in everything below it.</summary>
    public static IEnumerable<string> Unknown(JsonElement element, string type, string path)
    {
        foreach (var member in element.Members())
        {
            if (!Types[type].TryGetValue(member.Name, out var inner))
            {
                yield return $"Invalid JSON payload received. Unknown name \"{member.Name}\"{(path is "" ? "" : $" at '{path}'")}: Cannot find field.";
                continue;
            }

            var below = $"{(path is "" ? "" : path + ".")}{GeminiJson.Snake(member.Name)}";
            foreach (var problem in inner is "" ? [] : Below(member.Value, inner, below))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Below(JsonElement value, string type, string path) => (type[0], value.ValueKind) switch
    {
        ('*', _) => value.Members().SelectMany(m => Unknown(m.Value, type[1..], $"{path}[{m.Name}]")),
        (_, JsonValueKind.Array) => value.Items().SelectMany((item, i) => Unknown(item, type, $"{path}[{i}]")),
        _ => Unknown(value, type, path),
    };

    private static FrozenDictionary<string, string> Fields(string text)
        => text.Split(' ').Select(f => f.Split(':')).SelectMany(f => new[] { f[0], GeminiJson.Snake(f[0]) }.Distinct().Select(n => (Name: n, Type: f.ElementAtOrDefault(1) ?? "")))
            .ToFrozenDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal);
}
