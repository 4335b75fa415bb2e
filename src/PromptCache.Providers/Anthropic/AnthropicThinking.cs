using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>What the request says to the provider about thinking and the room for it.</summary>
/// <param name="MaxTokens">The limit of the whole output, thinking included.</param>
/// <param name="Type">The value of <c>thinking.type</c>; null: nothing is said.</param>
/// <param name="Budget">The thinking tokens; 0 where the model takes no budget.</param>
/// <param name="Effort">The value of <c>output_config.effort</c>; null: nothing is said.</param>
/// <param name="Display">The value of <c>thinking.display</c>; null: nothing is said.</param>
/// <param name="Thinks">Whether thinking was asked for, so that sampling parameters have to go.</param>
internal readonly record struct AnthropicThinking(long MaxTokens, string? Type, long Budget, string? Effort, string? Display, bool Thinks)
{
    /// <summary>Decides, from what was asked and what the model can.</summary>
    /// <param name="model">The model's line.</param>
    /// <param name="reasoning">What the client asked for.</param>
    /// <param name="maxTokens">The client's limit; null when it named none.</param>
    /// <param name="forced">A tool is forced, which no model lets go together with thinking that is asked for.</param>
    /// <param name="unthinking">Tools were called without thinking in this turn: thinking by budget cannot begin in the middle of it.</param>
    public static AnthropicThinking For(AnthropicModel model, ChatReasoning reasoning, long? maxTokens, bool forced, bool unthinking)
    {
        var silent = new AnthropicThinking(maxTokens ?? model.DefaultTokens, null, 0, null, null, false);
        if (reasoning.Effort is not { } effort || model.Thinking == ThinkingStyle.None)
        {
            return silent;
        }

        if (effort == ChatEffort.None)
        {
            return Off(model, silent);
        }

        if (model.Thinking != ThinkingStyle.Budget)
        {
            if (reasoning.Budget is { } tokens)
            {
                effort = AnthropicBudgets.EffortFor(tokens);
            }

            if (forced)
            {
                return silent with { Effort = Word(effort, model) };
            }

            var display = reasoning.Hidden ? "omitted" : model.HidesThinking ? "summarized" : null;
            return silent with { Type = "adaptive", Effort = Word(effort, model), Display = display, Thinks = true };
        }

        return forced || unthinking ? silent : ByBudget(model, reasoning.Budget ?? AnthropicBudgets.For(effort), maxTokens, silent);
    }

    /// <summary>Writes the <c>thinking</c> member.</summary>
    public void Write(JsonOut json)
    {
        if (Type is null)
        {
            return;
        }

        json.Name("thinking"u8);
        json.BeginObject();
        json.Name("type"u8);
        json.Text(Type);
        if (Budget > 0)
        {
            json.Member("budget_tokens"u8, Budget);
        }

        if (Display is not null)
        {
            json.Name("display"u8);
            json.Text(Display);
        }

        json.EndObject();
    }

    // Budgets count towards max_tokens and must be below it: the answer keeps a fifth of a limit that is too small for both.
    private static AnthropicThinking ByBudget(AnthropicModel model, long wanted, long? maxTokens, AnthropicThinking silent)
    {
        var budget = Math.Max(wanted, AnthropicBudgets.Min);
        var limit = maxTokens ?? Math.Min(model.MaxTokens, budget + model.DefaultTokens);
        if (budget >= limit)
        {
            budget = limit / 5 * 4;
        }

        return budget < AnthropicBudgets.Min
            ? silent
            : silent with { MaxTokens = limit, Type = "enabled", Budget = budget, Thinks = true };
    }

    private static AnthropicThinking Off(AnthropicModel model, AnthropicThinking silent) => model.Thinking switch
    {
        ThinkingStyle.Adaptive => silent with { Type = "disabled" },
        ThinkingStyle.AdaptiveBetweenTools => silent with { Type = "between_tools" },
        ThinkingStyle.AlwaysAdaptive => silent with { Effort = "low" },
        _ => silent,
    };

    private static string? Word(ChatEffort effort, AnthropicModel model) => effort switch
    {
        ChatEffort.Minimal or ChatEffort.Low => "low",
        ChatEffort.Medium => "medium",
        ChatEffort.High => "high",
        ChatEffort.XHigh => model.XHigh ? "xhigh" : "high",
        ChatEffort.Max => "max",
        _ => null,
    };
}
