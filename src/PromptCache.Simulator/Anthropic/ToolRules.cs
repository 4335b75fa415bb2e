using System.Text.Json;
using System.Text.RegularExpressions;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Tool definitions and the choice among them.</summary>
internal static partial class ToolRules
{
    public static IEnumerable<string> Problems(JsonElement tool, int index)
    {
        // Server tools have types and fields of their own, which change with every version.
        if (tool.Text("type") is not ("" or "custom"))
        {
            yield break;
        }

        var path = $"tools.{index}.custom";
        foreach (var extra in AnthropicFields.Extra("tool", tool, path))
        {
            yield return extra;
        }

        if (tool.Member("name").Is(JsonValueKind.Undefined))
        {
            yield return $"{path}.name: Field required";
        }
        else if (!Name().IsMatch(tool.Text("name")))
        {
            yield return $"{path}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'";
        }

        if (tool.Member("input_schema").Is(JsonValueKind.Undefined))
        {
            yield return $"{path}.input_schema: Field required";
        }
        else if (tool.Member("input_schema").Text("type") != "object")
        {
            yield return $"{path}.input_schema.type: Input should be 'object'";
        }
    }

    public static IEnumerable<string> ProblemsTogether(JsonElement root)
    {
        string[] names = [.. root.Member("tools").Items().Select(t => t.Text("name"))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            yield return "tools: Tool names must be unique.";
        }

        var choice = root.Member("tool_choice");
        foreach (var extra in AnthropicFields.Extra("tool_choice", choice, "tool_choice"))
        {
            yield return extra;
        }

        if (choice.Is(JsonValueKind.Undefined))
        {
            yield break;
        }

        if (choice.Text("type") is not ("auto" or "any" or "tool" or "none"))
        {
            yield return $"tool_choice: Input tag '{choice.Text("type")}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'";
        }

        if (names.Length == 0)
        {
            yield return "tool_choice: tool_choice may only be specified while providing tools.";
        }

        if (choice.Text("type") == "tool" && !names.Contains(choice.Text("name"), StringComparer.Ordinal))
        {
            yield return $"tool_choice: Tool '{choice.Text("name")}' not found in provided tools";
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
