using System.Collections.Immutable;
using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Who can serve a request; with a reason when nobody can.</summary>
internal static class TargetPlan
{
    /// <returns>The targets in the order in which they are tried; empty: see the error.</returns>
    public static ImmutableArray<RouteTarget> Make(GatewayModel model, Tenant tenant, PromptRequest request, out int status, out RequestError? error)
    {
        (status, error) = (StatusCodes.Status200OK, null);
        var targets = RoutePlanner.Plan(model, request.Model, request.ProviderOrder, request.AllowFallbacks);
        if (targets.IsEmpty)
        {
            (status, error) = (StatusCodes.Status404NotFound, request.ProviderOrder.IsEmpty || request.AllowFallbacks ? Refusals.NoProvider(request.Model) : Refusals.NoneOfTheNamed(request.Model));
            return targets;
        }

        targets = targets.RemoveAll(t => !UpstreamHeaders.HasKey(t.Provider, tenant));
        if (targets.IsEmpty)
        {
            (status, error) = (StatusCodes.Status503ServiceUnavailable, Refusals.NoKey(request.Model));
        }

        return targets;
    }
}
