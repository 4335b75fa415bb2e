using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Telemetry;

namespace PromptCache.Gateway.Admin;

/// <summary>Liveness, readiness and metrics.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok\n"));
        endpoints.MapGet("/readyz", Ready);
        endpoints.MapGet("/metrics", (MetricsPipeline metrics) => Results.Text(metrics.Collect(), "text/plain; version=0.0.4; charset=utf-8"));
    }

    /// <summary>200 unless draining or without a provider. A store that is down is told and does not make the gateway unready: requests are served without it.</summary>
    private static IResult Ready(GatewayModelSource configuration, PrefixEngineSource engines, IHostApplicationLifetime lifetime)
    {
        var reasons = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            reasons.Add("draining");
        }

        if (configuration.Current.Providers.Count == 0)
        {
            reasons.Add("no provider is configured");
        }

        var store = engines.Store;
        return Results.Json(
            new
            {
                status = reasons.Count == 0 ? "ready" : "unready",
                reasons,
                configuration = new { origin = configuration.Current.Origin, providers = configuration.Current.Providers.Count, refused = configuration.LastErrors },
                store = new { kind = store.Kind, state = store.State, lastError = store.Guard?.Health.LastError },
            },
            statusCode: reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
