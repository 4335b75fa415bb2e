using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

internal static partial class Log
{
    // EventName is contract: operators filter and alert on it. Reword the message freely, never the name.
    [LoggerMessage(EventId = 3000, EventName = "AnalysisFailed", Level = LogLevel.Error,
        Message = "The prefix of a request could not be computed; the request goes on without it.")]
    public static partial void AnalysisFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3001, EventName = "RecordFailed", Level = LogLevel.Warning,
        Message = "A prefix could not be recorded; a later request will miss it.")]
    public static partial void RecordFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3002, EventName = "TryingNext", Level = LogLevel.Warning,
        Message = "Provider {Provider} failed (status {Status}, {Error}); trying the next one.")]
    public static partial void TryingNext(this ILogger logger, string provider, int status, ForwarderError error);

    [LoggerMessage(EventId = 3003, EventName = "SettlementFailed", Level = LogLevel.Error,
        Message = "The figures of a response could not be computed; it passes with what the upstream reported.")]
    public static partial void SettlementFailed(this ILogger logger, Exception exception);
}
