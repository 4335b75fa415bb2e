using PromptCache.Core.Usage;

namespace PromptCache.Core.Pricing;

/// <summary>The part of a request that is sound and has a price of its own; all 0 where it costs what text costs.</summary>
/// <param name="Input">Input tokens neither read nor written.</param>
/// <param name="Read">Input tokens read from the cache.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="InputPrice">USD per million.</param>
/// <param name="OutputPrice">USD per million.</param>
internal readonly record struct Sound(long Input, long Read, long Output, decimal InputPrice, decimal OutputPrice)
{
    /// <summary>Null: how much of what was read is sound is not reported, so that nobody can say what it costs.</summary>
    public static Sound? Of(TokenUsage usage, long prompt, long completion, long read, TokenRates rates)
    {
        var input = rates.InputAudio is null ? 0 : Math.Clamp(usage.AudioTokens ?? 0, 0, prompt);
        var output = rates.OutputAudio is null ? 0 : Math.Clamp(usage.AudioCompletionTokens ?? 0, 0, completion);
        if (input > 0 && input < prompt && read > 0 && usage.AudioCacheRead is null)
        {
            return null;
        }

        var cached = input == prompt ? read : Math.Clamp(usage.AudioCacheRead ?? 0, 0, Math.Min(read, input));
        var fresh = Math.Max(0, prompt - read - (usage.CacheWrite ?? 0) - (usage.CacheWrite1h ?? 0));
        return new(Math.Min(input - cached, fresh), cached, output, rates.InputAudio ?? 0, rates.OutputAudio ?? 0);
    }

    /// <summary>What sound costs over what text costs.</summary>
    public decimal Over(decimal input) => input == 0 || Read == 0 ? 1 : InputPrice / input;
}
