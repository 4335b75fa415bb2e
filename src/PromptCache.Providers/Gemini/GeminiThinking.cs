using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Writes <c>thinkingConfig</c>: a budget or a level, never both, which Gemini refuses.</summary>
internal static class GeminiThinking
{
    /// <summary>A budget that leaves the depth to the model.</summary>
    private const long Dynamic = -1;

    /// <summary>Writes the member if the request says anything about thinking and the model can think.</summary>
    public static void Write(JsonOut json, GeminiModel model, ChatReasoning reasoning)
    {
        if (reasoning.Effort is not { } effort || model.Thinking == GeminiThinkingStyle.None)
        {
            return;
        }

        var budget = model.Thinking == GeminiThinkingStyle.Budget ? BudgetFor(model, effort, reasoning.Budget) : 0;
        var level = model.Thinking == GeminiThinkingStyle.Level ? LevelFor(model, reasoning.Budget is { } tokens ? EffortFor(tokens) : effort) : null;
        json.Name("thinkingConfig"u8);
        json.BeginObject();
        if (model.Thinking == GeminiThinkingStyle.Budget)
        {
            json.Member("thinkingBudget"u8, budget);
        }
        else if (level is not null)
        {
            json.Name("thinkingLevel"u8);
            json.Text(level);
        }

        if (effort != ChatEffort.None && !reasoning.Hidden)
        {
            json.Member("includeThoughts"u8, "true"u8);
        }

        json.EndObject();
    }

    // The steps are those of Google's own OpenAI-compatible route (1,024, 8,192, 24,576), kept within what the model takes.
    private static long BudgetFor(GeminiModel model, ChatEffort effort, long? wanted)
    {
        if (effort == ChatEffort.None)
        {
            return model.CanStop ? 0 : model.MinBudget;
        }

        var budget = wanted ?? effort switch
        {
            ChatEffort.Minimal or ChatEffort.Low => 1024,
            ChatEffort.Medium => 8192,
            ChatEffort.High => 24_576,
            ChatEffort.XHigh or ChatEffort.Max => model.MaxBudget,
            _ => Dynamic,
        };
        return budget == Dynamic ? budget : Math.Clamp(budget, model.MinBudget, model.MaxBudget);
    }

    private static string? LevelFor(GeminiModel model, ChatEffort effort) => effort switch
    {
        ChatEffort.None or ChatEffort.Minimal => model.Minimal ? "minimal" : "low",
        ChatEffort.Low => "low",
        ChatEffort.Medium => model.Medium ? "medium" : "high",
        ChatEffort.High or ChatEffort.XHigh or ChatEffort.Max => "high",
        _ => null,
    };

    private static ChatEffort EffortFor(long budget) => budget switch
    {
        <= 1024 => ChatEffort.Low,
        <= 8192 => ChatEffort.Medium,
        _ => ChatEffort.High,
    };
}
