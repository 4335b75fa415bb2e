using System.Collections.Immutable;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Routing;

/// <summary>Chooses the providers of a request, in the order in which they are tried. Pure.</summary>
internal static class RoutePlanner
{
    /// <param name="model">The configuration in force.</param>
    /// <param name="name">The model that the client asked for.</param>
    /// <param name="order">The request's <c>provider.order</c>; names that do not serve the model are passed over.</param>
    /// <param name="allowFallbacks">Whether more than the first may be tried, and others than those that <paramref name="order"/> names.</param>
    /// <returns>Empty when nothing serves the model.</returns>
    public static ImmutableArray<RouteTarget> Plan(GatewayModel model, string name, ImmutableArray<string> order, bool allowFallbacks)
    {
        var targets = Targets(model, name);
        if (!order.IsEmpty)
        {
            // Names that we do not know may be meant for a provider that takes the option itself, and gets it.
            targets = allowFallbacks ? targets : targets.RemoveAll(t => !order.Contains(t.Provider.Name, StringComparer.OrdinalIgnoreCase) && !t.Provider.Traits.TakesProviderOptions);
            targets = [.. targets.OrderBy(t => order.IndexOf(t.Provider.Name, StringComparer.OrdinalIgnoreCase) is var at && at < 0 ? int.MaxValue : at)];
        }

        return allowFallbacks || targets.Length <= 1 ? targets : [targets[0]];
    }

    private static ImmutableArray<RouteTarget> Targets(GatewayModel model, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var route = model.Routes.FirstOrDefault(r => Wildcard.Matches(r.Match, name));

        // "provider/model" always works: only a route that is itself about such names comes before it.
        if (slash > 0 && slash < name.Length - 1 && model.Providers.TryGetValue(name[..slash], out var named) && route?.Match.Contains('/', StringComparison.Ordinal) is not true)
        {
            return [new RouteTarget(named, name[(slash + 1)..])];
        }

        if (route is not null)
        {
            var upstream = route.Model ?? (route.StripPrefix && slash >= 0 ? name[(slash + 1)..] : name);
            return [.. route.Providers.Select(p => new RouteTarget(p, upstream))];
        }

        return model.DefaultProvider is { } fallback ? [new RouteTarget(fallback, name)] : [];
    }
}
