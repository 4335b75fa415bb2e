using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;

namespace PromptCache.Gateway.Admin;

/// <summary>What operators ask a running gateway: <c>/promptcache/*</c>.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/promptcache").AddEndpointFilter<AdminAccess>();
        group.MapGet("/config", (GatewayModelSource configuration, PrefixEngineSource engines) => Results.Json(EffectiveConfiguration.Of(configuration, engines), EffectiveConfiguration.Json));
        group.MapPost("/explain", ExplainEndpoint.ExplainAsync);
    }
}
