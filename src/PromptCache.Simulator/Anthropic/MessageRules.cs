using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Roles and content blocks. Turns of one role may follow each other: the API joins them.</summary>
internal static class MessageRules
{
    // A system message inside messages came with these models, and never stands first.
    private static readonly string[] MidSystemModels = ["opus-4-8", "opus-5", "fable-5-1"];

    public static IEnumerable<string> Problems(JsonElement root, JsonElement message, int index)
    {
        foreach (var extra in AnthropicFields.Extra("message", message, $"messages.{index}"))
        {
            yield return extra;
        }

        var role = message.Text("role");
        if (role == "system" && (index == 0 || !MidSystemModels.Any(m => root.Text("model").Contains(m, StringComparison.Ordinal))))
        {
            yield return "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.";
        }
        else if (role is not ("user" or "assistant" or "system"))
        {
            yield return $"messages: Unexpected role \"{role}\". Allowed roles are \"user\" or \"assistant\".";
        }

        if (index == 0 && role == "assistant")
        {
            yield return "messages: first message must use the \"user\" role";
        }

        var content = message.Member("content");
        var isLast = index == root.Member("messages").GetArrayLength() - 1;
        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            yield return content.Is(JsonValueKind.Undefined) ? $"messages.{index}.content: Field required" : $"messages.{index}.content: Input should be a valid list";
        }
        else if ((content.Is(JsonValueKind.String) ? JsonText.Of(content).Length : content.GetArrayLength()) == 0 && !(isLast && role == "assistant"))
        {
            yield return $"messages.{index}: all messages must have non-empty content except for the optional final assistant message";
        }

        foreach (var problem in content.Items().SelectMany((block, b) => Block(block, role, $"messages.{index}.content.{b}")))
        {
            yield return problem;
        }

        var lastText = content.Is(JsonValueKind.String) ? JsonText.Of(content) : content.Items().LastOrDefault().Text("text");
        if (isLast && role == "assistant" && lastText.Length > 0 && char.IsWhiteSpace(lastText[^1]))
        {
            yield return "messages: final assistant content cannot end with trailing whitespace";
        }
    }

    private static IEnumerable<string> Block(JsonElement block, string role, string path)
    {
        var type = block.Text("type");
        if (!AnthropicFields.IsKnown(type) || type.Contains('.', StringComparison.Ordinal))
        {
            // The results of server tools are too many to list, and nothing is known of their insides.
            return type.EndsWith("_tool_result", StringComparison.Ordinal)
                ? []
                : [$"{path}: Input tag '{type}' found using 'type' does not match any of the expected tags"];
        }

        return AnthropicFields.Extra(type, block, $"{path}.{type}").Concat(type switch
        {
            "text" when block.Text("text") is "" => ["messages: text content blocks must be non-empty"],
            "tool_use" when role != "assistant" => [$"{path}: `tool_use` blocks can only be in `assistant` messages"],
            "tool_use" when !block.Member("input").Is(JsonValueKind.Object) => [$"{path}.tool_use.input: Input should be a valid dictionary"],
            "tool_result" when role != "user" => [$"{path}: `tool_result` blocks can only be in `user` messages"],
            "tool_result" => block.Member("content").Items().SelectMany((inner, i) => Block(inner, role, $"{path}.tool_result.content.{i}")),
            "thinking" when role != "assistant" => [$"{path}: `thinking` blocks can only be in `assistant` messages"],
            "image" or "document" => Source(block.Member("source"), $"{path}.{type}.source"),
            _ => [],
        });
    }

    private static IEnumerable<string> Source(JsonElement source, string path)
    {
        var kind = $"source.{source.Text("type")}";
        if (!AnthropicFields.IsKnown(kind))
        {
            return [$"{path}: Input tag '{source.Text("type")}' found using 'type' does not match any of the expected tags: 'base64', 'url', 'file'"];
        }

        return AnthropicFields.Extra(kind, source, $"{path}.{source.Text("type")}").Concat(source.Text("type") switch
        {
            "base64" when source.Text("media_type") is "" => [$"{path}.base64.media_type: Field required"],
            "base64" when !IsBase64(source.Text("data")) => [$"{path}.base64.data: Invalid base64 data"],
            "url" when !source.Text("url").StartsWith("https://", StringComparison.Ordinal) => [$"{path}.url.url: Only HTTPS URLs are supported"],
            _ => [],
        });
    }

    private static bool IsBase64(string text) => text.Length > 0 && Convert.TryFromBase64String(text, new byte[text.Length], out _);
}
