using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>What Anthropic refuses with a 400, in its words. The first problem is the one that is reported.</summary>
internal static class MessagesValidator
{
    public static IEnumerable<string> Problems(JsonElement root, bool needsMaxTokens)
        => Request(root, needsMaxTokens)
            .Concat(root.Member("tools").Items().SelectMany(ToolRules.Problems))
            .Concat(ToolRules.ProblemsTogether(root))
            .Concat(System(root.Member("system")))
            .Concat(root.Member("messages").Items().SelectMany((message, i) => MessageRules.Problems(root, message, i)))
            .Concat(ToolPairing.Problems(root.Member("messages")))
            .Concat(ThinkingRules.Problems(root))
            .Concat(ModelRules.Problems(root))
            .Concat(MarkerRules.Problems(root));

    private static IEnumerable<string> Request(JsonElement root, bool needsMaxTokens)
    {
        foreach (var (name, kind) in new[] { ("model", JsonValueKind.String), ("max_tokens", JsonValueKind.Number), ("messages", JsonValueKind.Array) })
        {
            var value = root.Member(name);
            if (value.Is(JsonValueKind.Undefined) && (needsMaxTokens || name != "max_tokens"))
            {
                yield return $"{name}: Field required";
            }
            else if (!value.Is(JsonValueKind.Undefined) && !value.Is(kind))
            {
                yield return $"{name}: Input should be a valid {(kind == JsonValueKind.Array ? "list" : kind == JsonValueKind.Number ? "integer" : "string")}";
            }
        }

        foreach (var extra in AnthropicFields.Extra("request", root, "")
            .Concat(AnthropicFields.Extra("metadata", root.Member("metadata"), "metadata"))
            .Concat(AnthropicFields.Extra("output_config", root.Member("output_config"), "output_config")))
        {
            yield return extra;
        }

        if (root.Member("messages") is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() == 0)
        {
            yield return "messages: at least one message is required";
        }

        if (root.Int("max_tokens") is < 0)
        {
            yield return "max_tokens: Input should be greater than or equal to 0";
        }

        if (root.Member("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() is < 0 or > 1)
        {
            yield return "temperature: range: 0..1";
        }

        foreach (var (stop, i) in root.Member("stop_sequences").Items().Select((s, i) => (JsonText.Of(s), i)).Where(s => string.IsNullOrWhiteSpace(s.Item1)))
        {
            yield return $"stop_sequences: each stop sequence must contain non-whitespace (index {i}, '{stop}')";
        }

        if (root.Int("max_tokens") == 0 && root.Member("stream").IsTrue())
        {
            yield return "max_tokens: 0 is not supported with stream";
        }
    }

    private static IEnumerable<string> System(JsonElement system)
    {
        if (system.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Array))
        {
            yield return "system: Input should be a valid list";
        }

        foreach (var (block, i) in system.Items().Select((b, i) => (b, i)))
        {
            if (block.Text("type") != "text")
            {
                yield return $"system.{i}.type: Input should be 'text'";
            }

            foreach (var problem in AnthropicFields.Extra("text", block, $"system.{i}"))
            {
                yield return problem;
            }

            if (block.Text("text") is "")
            {
                yield return "system: text content blocks must be non-empty";
            }
        }
    }
}
