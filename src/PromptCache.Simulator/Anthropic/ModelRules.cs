using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>What some models refuse and others take.</summary>
/// <remarks>Sources: platform.claude.com, "What's new" and migration guides of Claude 4.6 to 5.5 (2026-11). A model that is not named here takes everything.</remarks>
internal static class ModelRules
{
    private static readonly string[] FourSix = ["opus-4-6", "sonnet-4-6"];
    private static readonly string[] Later = ["opus-4-7", "opus-4-8", "opus-5", "sonnet-5", "haiku-5", "fable-", "mythos-"];
    private static readonly string[] AlwaysThinking = ["opus-5-5", "sonnet-5-5", "fable-", "mythos-"];
    private static readonly string[] Unforced = ["opus-5-5", "sonnet-5-5", "fable-5-1", "fable-5-2", "mythos-5-1"];

    private static readonly string[] Sampling = ["temperature", "top_p", "top_k"];

    public static IEnumerable<string> Problems(JsonElement root)
    {
        var model = root.Text("model").ToLowerInvariant().Replace('.', '-');
        var type = root.Member("thinking").Text("type");
        if ((type == "enabled" && IsOneOf(model, Later)) || (type == "disabled" && IsOneOf(model, AlwaysThinking)))
        {
            yield return $"\"thinking.type.{type}\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.";
        }

        if ((type == "adaptive" && !IsOneOf(model, FourSix) && !IsOneOf(model, Later)) || (type == "between_tools" && !model.Contains("sonnet-5-5", StringComparison.Ordinal)))
        {
            yield return $"thinking: {type} is not supported for this model";
        }

        if (root.Member("tool_choice").Text("type") is "any" or "tool" && IsOneOf(model, Unforced))
        {
            yield return "tool_choice: forcing a tool is not supported for this model";
        }

        if (root.Member("messages").Items().LastOrDefault().Text("role") == "assistant" && (IsOneOf(model, FourSix) || IsOneOf(model, Later)))
        {
            yield return "This model does not support assistant message prefill. The conversation must end with a user message.";
        }

        foreach (var name in Sampling.Where(n => IsOneOf(model, Later) && root.Member(n) is { ValueKind: JsonValueKind.Number } value && (n == "top_k" || value.GetDouble() is not 1)))
        {
            yield return $"{name}: only its default is supported for this model";
        }
    }

    private static bool IsOneOf(string model, string[] names) => names.Any(n => model.Contains(n, StringComparison.Ordinal));
}
