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
        Message = "{RequestId}: provider {Provider} at {Replica} failed (status {Status}, {Error}); trying the next one.")]
    public static partial void TryingNext(this ILogger logger, string requestId, string provider, string replica, int status, ForwarderError error);

    [LoggerMessage(EventId = 3003, EventName = "SettlementFailed", Level = LogLevel.Error,
        Message = "The figures of a response could not be computed; it passes with what the upstream reported.")]
    public static partial void SettlementFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3004, EventName = "RequestFailed", Level = LogLevel.Error,
        Message = "The gateway failed on request {RequestId}; its client was told so.")]
    public static partial void RequestFailed(this ILogger logger, string requestId, Exception exception);

    [LoggerMessage(EventId = 3010, EventName = "NamedCacheRefused", Level = LogLevel.Warning,
        Message = "Provider {Provider} would not create or renew a cached prefix (status {Status}); requests go on without it.")]
    public static partial void NamedCacheRefused(this ILogger logger, string provider, int status);

    [LoggerMessage(EventId = 3011, EventName = "NamedCacheFailed", Level = LogLevel.Warning,
        Message = "A cached prefix at provider {Provider} could not be created or renewed; requests go on without it.")]
    public static partial void NamedCacheFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(EventId = 3012, EventName = "NamedCacheGone", Level = LogLevel.Information,
        Message = "A cached prefix at provider {Provider} is gone; the request goes out whole.")]
    public static partial void NamedCacheGone(this ILogger logger, string provider);

    [LoggerMessage(EventId = 3013, EventName = "NotesFailed", Level = LogLevel.Debug,
        Message = "The shared notes did not answer; the request goes on without cached prefixes.")]
    public static partial void NotesFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3014, EventName = "StorageBookedInVain", Level = LogLevel.Warning,
        Message = "A request was told that {Provider} keeps its prefix of {Model} for {Usd} USD, and then the provider did not: take that much off the books.")]
    public static partial void StorageBookedInVain(this ILogger logger, string provider, string model, decimal usd);
}
