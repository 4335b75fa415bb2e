using System.Collections.Immutable;
using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Gateway.Routing;

/// <summary>Keeps a conversation with the provider that holds its prefix, while that saves money. Pure.</summary>
internal static class StickyOrder
{
    /// <summary>Puts the holder first when the whole next turn costs less there, with the prefix read, than at the first choice, with everything read anew.</summary>
    /// <remarks>The turn is estimated: a prompt of the request's length, and an answer as long as the last one. What the first choice may write is left out; it is a loan on later turns.</remarks>
    /// <param name="targets">In the configured order.</param>
    /// <param name="held">What the provider that served the conversation last holds; null: nothing.</param>
    /// <param name="bodyBytes">The length of the request.</param>
    /// <param name="prices">The price book in force.</param>
    /// <param name="tier">The service tier that the request asks for; null: the standard one.</param>
    /// <param name="now">Some prices depend on the hour.</param>
    public static ImmutableArray<RouteTarget> Apply(ImmutableArray<RouteTarget> targets, HeldPrefix? held, long bodyBytes, PriceBook prices, string? tier, DateTimeOffset now)
    {
        var at = held is null ? -1 : targets.ToList().FindIndex(held.IsAt);
        if (at <= 0)
        {
            return targets;
        }

        var prompt = held!.PromptTokensOf(bodyBytes);
        var there = CostOf(targets[at], Math.Min(held.Tokens, prompt), held.Explicit);
        var anew = CostOf(targets[0], read: 0, isExplicit: false);

        // Without prices: a prefix that is there costs no more than one that is not.
        return there is null || anew is null || there < anew ? targets.RemoveAt(at).Insert(0, targets[at]) : targets;

        decimal? CostOf(RouteTarget target, long read, bool isExplicit)
        {
            var policy = target.Provider.CachePolicy;
            var usage = new TokenUsage { PromptTokens = prompt, CompletionTokens = held.CompletionTokens, CacheRead = read };
            var query = new PriceQuery(target.Provider.Traits.Name, target.Model, tier, isExplicit, now);
            return prices.Cost(query, usage, readMultiplier: isExplicit ? policy.ExplicitRead ?? policy.Read : policy.Read).TotalCost;
        }
    }
}
