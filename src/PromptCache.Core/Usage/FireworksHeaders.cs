using System.Globalization;

namespace PromptCache.Core.Usage;

/// <summary>The counts that Fireworks sends in response headers, for responses whose body has none.</summary>
public static class FireworksHeaders
{
    public const string PromptTokens = "fireworks-prompt-tokens";

    public const string CachedTokens = "fireworks-cached-prompt-tokens";

    /// <summary>Fills in what the body did not report; what it did report stays.</summary>
    /// <returns>The usage; null when neither knows anything.</returns>
    public static TokenUsage? Fill(TokenUsage? reported, string? promptTokens, string? cachedTokens)
    {
        var prompt = Parse(promptTokens);
        var cached = Parse(cachedTokens);
        if (prompt is null && cached is null)
        {
            return reported;
        }

        var usage = reported ?? new TokenUsage { Source = CountSource.Provider };
        return UsageBounds.Clamp(usage with { PromptTokens = usage.PromptTokens ?? prompt, CacheRead = usage.CacheRead ?? cached });
    }

    private static long? Parse(string? header)
        => int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
