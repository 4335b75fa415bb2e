namespace PromptCache.Gateway.Telemetry;

/// <summary>All public telemetry names. They are contract: dashboards depend on them.</summary>
internal static class TelemetryNames
{
    public const string Meter = "PromptCache";

    public const string Requests = "promptcache.requests";
    public const string Fallbacks = "promptcache.fallbacks";
    public const string Tokens = "promptcache.tokens";
    public const string Cost = "promptcache.cost";
    public const string Savings = "promptcache.savings";
    public const string Duration = "promptcache.request.duration";
    public const string FirstByte = "promptcache.request.first_byte";
    public const string PredictionDifference = "promptcache.prediction.difference";
    public const string StoreUp = "promptcache.store.up";
    public const string StoreFailures = "promptcache.store.failures";

    public const string Kind = "kind";
    public const string Model = "model";
    public const string Provider = "provider";
    public const string Status = "status";
    public const string StoreStatus = "store_status";
    public const string Source = "source";

    public const string RequestId = "promptcache.request.id";
    public const string SpanProvider = "promptcache.provider";
    public const string SpanStatus = "promptcache.status";
    public const string SpanCost = "promptcache.cost";
}
