using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>What a request says about thinking: <c>reasoning_effort</c>, or OpenRouter's <c>reasoning</c> object.</summary>
/// <param name="Effort">How hard to think; null: the request says nothing, and so nothing is said to the provider.</param>
/// <param name="Budget">An explicit number of thinking tokens; null when there is none.</param>
/// <param name="Hidden">The client does not want to see the thinking.</param>
internal readonly record struct AnthropicReasoning(AnthropicEffort? Effort, long? Budget, bool Hidden)
{
    /// <summary>Budgets for efforts where the model takes budgets. The floor is Anthropic's; the rest are ours.</summary>
    internal const int MinBudget = 1024;

    /// <summary>Reads both spellings; the object wins.</summary>
    public static RequestError? Read(JsonValue effort, JsonValue reasoning, out AnthropicReasoning result)
    {
        result = default;
        if (reasoning.IsObject)
        {
            return ReadObject(reasoning, out result);
        }

        if (effort.IsNothing)
        {
            return null;
        }

        result = new(Parse(effort), null, false);
        return result.Effort is null ? new("'reasoning_effort' must be none, minimal, low, medium, high, xhigh or max.", "reasoning_effort", "invalid_effort") : null;
    }

    /// <summary>The thinking tokens that an effort stands for.</summary>
    public static int BudgetFor(AnthropicEffort effort) => effort switch
    {
        AnthropicEffort.Minimal => MinBudget,
        AnthropicEffort.Low => 2048,
        AnthropicEffort.High => 16_384,
        AnthropicEffort.XHigh or AnthropicEffort.Max => 32_768,
        _ => 8192,
    };

    /// <summary>The effort that a number of thinking tokens stands for, where the model takes no budgets.</summary>
    public static AnthropicEffort EffortFor(long budget) => budget switch
    {
        <= 2048 => AnthropicEffort.Low,
        <= 8192 => AnthropicEffort.Medium,
        _ => AnthropicEffort.High,
    };

    private static RequestError? ReadObject(JsonValue reasoning, out AnthropicReasoning result)
    {
        result = default;
        var hidden = reasoning.Get("exclude"u8).IsTrue;
        var enabled = reasoning.Get("enabled"u8);
        if (enabled.IsFalse)
        {
            result = new(AnthropicEffort.None, null, hidden);
            return null;
        }

        var tokens = reasoning.Get("max_tokens"u8);
        if (!tokens.IsNothing)
        {
            if (!tokens.TryGetInt64(out var budget) || budget < 0)
            {
                return new("'reasoning.max_tokens' must be a whole number.", "reasoning.max_tokens", "invalid_type");
            }

            result = new(budget == 0 ? AnthropicEffort.None : AnthropicEffort.Default, budget == 0 ? null : budget, hidden);
            return null;
        }

        var effort = reasoning.Get("effort"u8);
        if (effort.IsNothing)
        {
            result = new(enabled.IsTrue ? AnthropicEffort.Default : null, null, hidden);
            return null;
        }

        result = new(Parse(effort), null, hidden);
        return result.Effort is null ? new("'reasoning.effort' must be none, minimal, low, medium, high, xhigh or max.", "reasoning.effort", "invalid_effort") : null;
    }

    private static AnthropicEffort? Parse(JsonValue effort)
        => effort.Is("none"u8) ? AnthropicEffort.None
        : effort.Is("minimal"u8) ? AnthropicEffort.Minimal
        : effort.Is("low"u8) ? AnthropicEffort.Low
        : effort.Is("medium"u8) ? AnthropicEffort.Medium
        : effort.Is("high"u8) ? AnthropicEffort.High
        : effort.Is("xhigh"u8) ? AnthropicEffort.XHigh
        : effort.Is("max"u8) ? AnthropicEffort.Max
        : null;
}
