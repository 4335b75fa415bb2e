using PromptCache.Providers.Chat;

namespace PromptCache.Providers.Anthropic;

/// <summary>Thinking tokens for efforts, and efforts for thinking tokens: some models take the one, some the other.</summary>
internal static class AnthropicBudgets
{
    /// <summary>The fewest that a model takes. This floor is Anthropic's; the rest are ours.</summary>
    public const int Min = 1024;

    /// <summary>The thinking tokens that an effort stands for.</summary>
    public static int For(ChatEffort effort) => effort switch
    {
        ChatEffort.Minimal => Min,
        ChatEffort.Low => 2048,
        ChatEffort.High => 16_384,
        ChatEffort.XHigh or ChatEffort.Max => 32_768,
        _ => 8192,
    };

    /// <summary>The effort that a number of thinking tokens stands for, where the model takes no budgets.</summary>
    public static ChatEffort EffortFor(long budget) => budget switch
    {
        <= 2048 => ChatEffort.Low,
        <= 8192 => ChatEffort.Medium,
        _ => ChatEffort.High,
    };
}
