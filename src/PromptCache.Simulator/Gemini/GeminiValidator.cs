using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>What the Gemini API refuses with INVALID_ARGUMENT, in its words. The first problem is the one that is reported.</summary>
internal static class GeminiValidator
{
    private static readonly string[] PartData = ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult"];
    private static readonly string[] FrozenInCache = ["systemInstruction", "tools", "toolConfig"];

    public static IEnumerable<string> Problems(JsonElement root, string model)
        => GeminiFields.Unknown(root, "GenerateContentRequest", "")
            .Concat(Contents(root.Field("contents"), "GenerateContentRequest", required: true))
            .Concat(Config(root.Field("generationConfig")))
            .Concat(Declarations(root.Field("tools")))
            .Concat(FunctionTurns.Problems(root.Field("contents"), model))
            .Concat(WithCache(root));

    public static IEnumerable<string> CacheProblems(JsonElement root)
        => GeminiFields.Unknown(root, "CachedContent", "")
            .Concat(Contents(root.Field("contents"), "CreateCachedContentRequest", required: false))
            .Concat(Declarations(root.Field("tools")));

    private static IEnumerable<string> Contents(JsonElement contents, string request, bool required)
    {
        if (required && (!contents.Is(JsonValueKind.Array) || contents.GetArrayLength() == 0))
        {
            yield return $"* {request}.contents: contents is not specified\n";
        }

        foreach (var (content, i) in contents.Items().Select((c, i) => (c, i)))
        {
            if (content.FieldText("role") is not ("" or "user" or "model" or "function"))
            {
                yield return "Please use a valid role: user, model.";
            }

            if (content.Field("parts") is not { ValueKind: JsonValueKind.Array } parts || parts.GetArrayLength() == 0)
            {
                yield return $"* {request}.contents[{i}].parts: contents.parts must not be empty.\n";
                continue;
            }

            foreach (var (part, p) in parts.Items().Select((part, p) => (part, p)))
            {
                if (PartData.Count(d => !part.Field(d).IsMissing()) != 1 && part.FieldText("thoughtSignature") is "")
                {
                    yield return $"* {request}.contents[{i}].parts[{p}].data: required oneof field 'data' must have one initialized field\n";
                }
            }
        }
    }

    private static IEnumerable<string> Config(JsonElement config)
    {
        if (config.FieldInt("maxOutputTokens") is <= 0)
        {
            yield return "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.\n";
        }

        if (config.Field("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() is < 0 or > 2)
        {
            yield return "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n";
        }

        if (config.Field("stopSequences") is { ValueKind: JsonValueKind.Array } stops && stops.GetArrayLength() > 5)
        {
            yield return "* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are allowed.\n";
        }
    }

    private static IEnumerable<string> Declarations(JsonElement tools)
    {
        string[] names = [.. tools.Items().SelectMany(t => t.Field("functionDeclarations").Items()).Select(d => d.FieldText("name"))];
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
        {
            if (name.Length is 0 or > 128 || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsAsciiLetterOrDigit(c) || "_.:-".Contains(c, StringComparison.Ordinal)))
            {
                yield return $"* GenerateContentRequest.tools[0].function_declarations[{i}].name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n";
            }
        }

        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twin)
        {
            yield return $"Duplicate function declaration found: {twin.Key}";
        }
    }

    private static IEnumerable<string> WithCache(JsonElement root)
    {
        if (root.FieldText("cachedContent") is not "" && FrozenInCache.Any(f => !root.Field(f).IsMissing()))
        {
            yield return "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\nProposed fix: move those values to CachedContent from GenerateContent request.";
        }
    }
}
