using System.Globalization;
using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Explain;

/// <summary>The reasons of a decision, in sentences.</summary>
internal static class ReasonText
{
    public static string Of(CacheDecision decision)
    {
        var policy = decision.Plan.Policy;
        return decision.Reason switch
        {
            CacheReason.Hit => "Everything that can be cached is known.",
            CacheReason.Partial => "A part of what can be cached is known.",
            CacheReason.Miss => "Nothing of the prompt is known.",
            CacheReason.BelowMinimum => TooShort(decision),
            CacheReason.NoMarkers => "This policy caches only what is marked with cache_control, and the request has no marker.",
            CacheReason.PolicyNone => "This policy caches nothing.",
            CacheReason.ExpiredOrNew => "No entry was written where the markers of this request look, or it has expired.",
            CacheReason.LookbackExceeded => string.Create(CultureInfo.InvariantCulture, $"The beginning is known, but an entry can only stand more than {policy.Reach} segments before a marker; put another marker in between."),
            CacheReason.StoreUnavailable => "The prefix store did not answer.",
            _ => decision.Reason,
        };
    }

    private static string TooShort(CacheDecision decision)
    {
        var (explicitly, minimum) = (decision.Plan.Explicit, decision.Plan.Policy.MinTokens);
        var most = explicitly ? decision.Cacheable : decision.Total;
        return most < minimum
            ? string.Create(CultureInfo.InvariantCulture, $"Too short: {(explicitly ? "up to the last marker there are" : "there are")} {most} tokens, and the minimum is {minimum}.")
            : string.Create(CultureInfo.InvariantCulture, $"What is known of it is too short: {decision.Read} tokens, and the minimum is {Math.Max(minimum, decision.Plan.Policy.StepTokens)}.");
    }
}
