namespace PromptCache.Gateway.Telemetry;

internal static partial class Log
{
    // EventName and the property names are contract: operators filter and alert on them.
    [LoggerMessage(EventId = 1000, EventName = "RequestCompleted", Level = LogLevel.Information,
        Message = "{RequestId} {Path} {Status} {Provider} {Model} ({UpstreamModel}) tenant={Tenant} stream={Stream} attempts={Attempts} prompt={PromptTokens} cached={CachedTokens} written={WriteTokens} written1h={Write1hTokens} completion={CompletionTokens} reasoning={ReasoningTokens} source={Source} store={StoreStatus} reason={Reason} predicted={PredictedTokens} difference={Difference} cost={CostStatus} {Cost} saved={Saved} first={FirstByteMs} ms total={DurationMs} ms {Error}")]
    public static partial void RequestCompleted(
        this ILogger logger, string requestId, string path, int status, string provider, string model, string upstreamModel, string tenant, bool stream, int attempts,
        long? promptTokens, long? cachedTokens, long? writeTokens, long? write1hTokens, long? completionTokens, long? reasoningTokens,
        string? source, string storeStatus, string reason, long? predictedTokens, long? difference,
        string? costStatus, decimal? cost, decimal? saved, double? firstByteMs, double durationMs, string error);
}
