using PromptCache.Core.Usage;

namespace PromptCache.Core.Pricing;

/// <summary>Counts times rates, in decimal.</summary>
internal static class CostCalculator
{
    private const decimal PerMillion = 1_000_000m;

    public static CostDetails Cost(TokenRates rates, TokenUsage usage, bool explicitCache, decimal writeMultiplier, decimal write1hMultiplier, decimal? readMultiplier)
    {
        if (usage.PromptTokens is not { } reportedPrompt || usage.CompletionTokens is not { } reportedCompletion || rates.Input is not { } input
            || (rates.Output ?? (reportedCompletion == 0 ? 0 : null)) is not { } output)
        {
            return Unpriced(usage);
        }

        // Readers clamp what they read; this guards the sum, so that no bucket is ever billed twice.
        var prompt = Math.Max(0, reportedPrompt);
        var completion = Math.Max(0, reportedCompletion);
        var read = Math.Clamp(usage.CacheRead ?? 0, 0, prompt);
        var write = Math.Clamp(usage.CacheWrite ?? 0, 0, prompt - read);
        var write1h = Math.Clamp(usage.CacheWrite1h ?? 0, 0, prompt - read - write);
        var clamped = prompt != reportedPrompt || completion != reportedCompletion
            || read != (usage.CacheRead ?? 0) || write != (usage.CacheWrite ?? 0) || write1h != (usage.CacheWrite1h ?? 0);

        if (Sound.Of(usage, prompt, completion, read, rates) is not { } sound)
        {
            return Unpriced(usage);
        }

        var listedRead = explicitCache ? rates.CacheReadExplicit ?? rates.CacheRead : rates.CacheRead;
        var readPrice = listedRead ?? input * (readMultiplier ?? 1m);
        var readCost = Plain.Of(Amount(read - sound.Read, readPrice) + Amount(sound.Read, readPrice * sound.Over(input)));
        var writeCost = Amount(write, rates.CacheWrite ?? input * writeMultiplier);
        var write1hCost = Amount(write1h, rates.CacheWrite1h ?? input * write1hMultiplier);
        var fresh = prompt - read - write - write1h;
        var promptCost = Plain.Of(Amount(fresh - sound.Input, input) + Amount(sound.Input, sound.InputPrice) + readCost + writeCost + write1hCost);
        var completionCost = Plain.Of(Amount(completion - sound.Output, output) + Amount(sound.Output, sound.OutputPrice));

        return new()
        {
            Status = usage.Inconsistent || clamped ? CostStatus.Inconsistent : CostStatus.Exact,
            Source = usage.Source,
            PromptCost = promptCost,
            CacheReadCost = readCost,
            CacheWriteCost = Plain.Of(writeCost + write1hCost),
            CacheWrite5MinCost = writeCost,
            CacheWrite1HourCost = write1hCost,
            CompletionCost = completionCost,
            TotalCost = Reported(usage) ?? Plain.Of(promptCost + completionCost),
            CacheSavings = Plain.Of(Amount(prompt - sound.Input - sound.Read, input) + Amount(sound.Input + sound.Read, sound.InputPrice) - promptCost),
        };
    }

    /// <summary>Nothing is known but, at best, the sum that the provider itself reported; that sum is exact.</summary>
    public static CostDetails Unpriced(TokenUsage usage) => Reported(usage) is { } total
        ? new() { Status = usage.Inconsistent ? CostStatus.Inconsistent : CostStatus.Exact, Source = usage.Source, TotalCost = total }
        : new() { Status = CostStatus.Unpriced, Source = usage.Source };

    /// <summary>Tokens at a price per million.</summary>
    public static decimal Amount(long tokens, decimal price) => Plain.Of(tokens * price / PerMillion);

    private static decimal? Reported(TokenUsage usage) => usage.ReportedCost is >= 0 and var cost ? Plain.Of(cost) : null;
}
