using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Extended thinking: its budget, what it excludes, and the blocks that have to come back unchanged.</summary>
internal static class ThinkingRules
{
    public static bool IsOn(JsonElement root) => root.Member("thinking").Text("type") is "enabled" or "adaptive";

    public static IEnumerable<string> Problems(JsonElement root)
    {
        var thinking = root.Member("thinking");
        foreach (var extra in AnthropicFields.Extra("thinking_config", thinking, $"thinking.{thinking.Text("type")}"))
        {
            yield return extra;
        }

        if (thinking.Text("type") == "enabled")
        {
            var budget = thinking.Int("budget_tokens");
            if (budget is null)
            {
                yield return "thinking.enabled.budget_tokens: Field required";
            }
            else if (budget < 1024)
            {
                yield return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
            }
            else if (budget >= root.Int("max_tokens"))
            {
                yield return "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size";
            }
        }

        if (IsOn(root) && root.Member("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() is not 1)
        {
            yield return "`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking";
        }

        if (IsOn(root) && root.Member("tool_choice").Text("type") is "any" or "tool")
        {
            yield return "Thinking may not be enabled when tool_choice forces tool use.";
        }

        foreach (var problem in root.Member("messages").Items().SelectMany((m, i) => m.Member("content").Items().SelectMany((b, j) => Block(b, $"messages.{i}.content.{j}"))).Concat(LastTurn(root)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Block(JsonElement block, string path)
    {
        if (block.Text("type") != "thinking")
        {
            yield break;
        }

        if (block.Member("signature").IsMissing())
        {
            yield return $"{path}.thinking.signature: Field required";
        }
        else if (!ThinkingSignature.IsValid(block.Text("thinking"), block.Text("signature")))
        {
            yield return $"{path}: Invalid `signature` in `thinking` block";
        }
    }

    // In the middle of a tool loop the model's own thinking has to be there.
    private static IEnumerable<string> LastTurn(JsonElement root)
    {
        JsonElement[] messages = [.. root.Member("messages").Items()];
        var last = Array.FindLastIndex(messages, m => m.Text("role") == "assistant");
        if (root.Member("thinking").Text("type") != "enabled" || last < 0 || last == messages.Length - 1)
        {
            yield break;
        }

        JsonElement[] blocks = [.. messages[last].Member("content").Items()];
        if (blocks.Any(b => b.Text("type") == "tool_use") && blocks[0].Text("type") is not ("thinking" or "redacted_thinking"))
        {
            yield return $"messages.{last}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0].Text("type")}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).";
        }
    }
}
