using System.Collections.Immutable;
using PromptCache.Core.Pricing;

namespace PromptCache.Gateway.Routing;

/// <summary>Keeps a conversation with the provider that holds its prefix, while that saves money. Pure.</summary>
internal static class StickyOrder
{
    /// <summary>Puts the holder first when reading the prefix there costs less than reading it anew at the first choice.</summary>
    /// <param name="targets">In the configured order.</param>
    /// <param name="holder">The provider that served the conversation last; null: none.</param>
    /// <param name="prices">The price book in force.</param>
    public static ImmutableArray<RouteTarget> Apply(ImmutableArray<RouteTarget> targets, string? holder, PriceBook prices)
    {
        var at = holder is null ? -1 : targets.ToList().FindIndex(t => t.Provider.Name == holder);
        return at > 0 && IsCheaper(targets[at], targets[0], prices) ? targets.RemoveAt(at).Insert(0, targets[at]) : targets;
    }

    private static bool IsCheaper(RouteTarget holder, RouteTarget first, PriceBook prices)
    {
        if (!prices.TryFind(QueryOf(first), out var fresh, out _) || !prices.TryFind(QueryOf(holder), out var cached, out _))
        {
            // Without prices: a prefix that is there costs no more than one that is not.
            return true;
        }

        var read = cached.Base.CacheRead ?? cached.Base.Input * (holder.Provider.CachePolicy.Read ?? 1m);
        return read < fresh.Base.Input;
    }

    private static PriceQuery QueryOf(RouteTarget target) => new(target.Provider.Traits.Name, target.Model);
}
