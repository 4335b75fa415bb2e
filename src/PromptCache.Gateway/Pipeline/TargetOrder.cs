using System.Collections.Immutable;
using PromptCache.Core.Policies;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The order in which a request's targets are tried as things stand: health, and what is cached where, over what is configured.</summary>
internal sealed class TargetOrder(DestinationSelector destinations, ConversationMemory conversations, TimeProvider time)
{
    /// <summary>A provider with several replicas gets a second try, at another one.</summary>
    private const int TriesPerProvider = 2;

    /// <returns>The targets, each as often as it may be tried; never empty.</returns>
    public ImmutableArray<RouteTarget> Of(ChatExchange exchange)
    {
        var targets = exchange.Targets;
        if (targets.Length > 1)
        {
            // The first choice's rules are the request's, and hold. Who would refuse its markers all the same is nobody to fall back to.
            targets = targets.RemoveAll(t => exchange.Inbound?.IsSpokenBy(t) is not true && CachePlanner.Validate(t.Provider.CachePolicy, t.Model, exchange.Segments) is not null);
            var byHealth = targets.ToLookup(t => destinations.IsUp(t.Provider));
            targets = [.. Sticky(exchange, [.. byHealth[true]]), .. byHealth[false]];
        }

        return targets.All(t => t.Provider.Destinations.Length == 1) ? targets : [.. targets.SelectMany(t => Enumerable.Repeat(t, Math.Min(t.Provider.Destinations.Length, TriesPerProvider)))];
    }

    private ImmutableArray<RouteTarget> Sticky(ChatExchange exchange, ImmutableArray<RouteTarget> targets)
        => targets.Length > 1 && exchange.Request.ProviderOrder.IsEmpty
            ? StickyOrder.Apply(targets, conversations.HeldOf(exchange.Conversation), exchange.Request.Body.Length, exchange.Model.Prices, exchange.ServiceTier, time.GetUtcNow())
            : targets;
}
