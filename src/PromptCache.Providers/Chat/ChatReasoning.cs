using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>What a request says about thinking: <c>reasoning_effort</c>, or OpenRouter's <c>reasoning</c> object.</summary>
/// <param name="Effort">How hard to think; null: the request says nothing, and so nothing is said to the provider.</param>
/// <param name="Budget">An explicit number of thinking tokens; null when there is none.</param>
/// <param name="Hidden">The client does not want to see the thinking.</param>
internal readonly record struct ChatReasoning(ChatEffort? Effort, long? Budget, bool Hidden)
{
    private const string Efforts = "must be none, minimal, low, medium, high, xhigh or max.";

    /// <summary>Reads both spellings; the object wins.</summary>
    public static RequestError? Read(JsonValue effort, JsonValue reasoning, out ChatReasoning result)
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
        return result.Effort is null ? new($"'reasoning_effort' {Efforts}", "reasoning_effort", "invalid_effort") : null;
    }

    private static RequestError? ReadObject(JsonValue reasoning, out ChatReasoning result)
    {
        result = default;
        var hidden = reasoning.Get("exclude"u8).IsTrue;
        var enabled = reasoning.Get("enabled"u8);
        var tokens = reasoning.Get("max_tokens"u8);
        var effort = reasoning.Get("effort"u8);
        if (enabled.IsFalse)
        {
            result = new(ChatEffort.None, null, hidden);
        }
        else if (!tokens.IsNothing)
        {
            if (!tokens.TryGetInt64(out var budget) || budget < 0)
            {
                return new("'reasoning.max_tokens' must be a whole number.", "reasoning.max_tokens", "invalid_type");
            }

            result = new(budget == 0 ? ChatEffort.None : ChatEffort.Default, budget == 0 ? null : budget, hidden);
        }
        else if (effort.IsNothing)
        {
            result = new(enabled.IsTrue ? ChatEffort.Default : null, null, hidden);
        }
        else
        {
            result = new(Parse(effort), null, hidden);
            return result.Effort is null ? new($"'reasoning.effort' {Efforts}", "reasoning.effort", "invalid_effort") : null;
        }

        return null;
    }

    private static ChatEffort? Parse(JsonValue effort)
        => effort.Is("none"u8) ? ChatEffort.None
        : effort.Is("minimal"u8) ? ChatEffort.Minimal
        : effort.Is("low"u8) ? ChatEffort.Low
        : effort.Is("medium"u8) ? ChatEffort.Medium
        : effort.Is("high"u8) ? ChatEffort.High
        : effort.Is("xhigh"u8) ? ChatEffort.XHigh
        : effort.Is("max"u8) ? ChatEffort.Max
        : null;
}
