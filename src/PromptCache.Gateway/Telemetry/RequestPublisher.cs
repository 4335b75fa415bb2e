using System.Diagnostics;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Publishes what happened: one log event per request, and its metrics.</summary>
internal sealed class RequestPublisher(GatewayMetrics metrics, ILogger<RequestPublisher> logger)
{
    /// <summary>An attempt that was followed by another.</summary>
    public void Superseded(string provider, int status) => metrics.Fallback(provider, status);

    public void Publish(RequestRecord record)
    {
        metrics.Request(record);
        GenAI.Describe(Activity.Current, record);
        logger.RequestCompleted(
            record.RequestId, LogText.Clean(record.Path), record.Status, record.Provider, LogText.Clean(record.Model), LogText.Clean(record.UpstreamModel), record.Tenant, record.Stream, record.Attempts,
            record.Usage?.PromptTokens, record.Usage?.CacheRead, record.Usage?.CacheWrite, record.Usage?.CacheWrite1h, record.Usage?.CompletionTokens, record.Usage?.ReasoningTokens,
            record.Usage?.Source.ToString().ToLowerInvariant(), record.StoreStatus, record.Reason, record.PredictedRead,
            record.ReportedRead - record.PredictedRead,
            record.Cost?.Status.ToString().ToLowerInvariant(), record.Cost?.TotalCost, record.Cost?.CacheSavings,
            record.FirstByte?.TotalMilliseconds, record.Duration.TotalMilliseconds, record.Error);
    }
}
