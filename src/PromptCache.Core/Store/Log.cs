using Microsoft.Extensions.Logging;

namespace PromptCache.Core.Store;

internal static partial class Log
{
    // EventName is contract: operators filter and alert on it. Reword the message freely, never the name.
    // The error's kind only, not the exception: a client's messages can quote keys.
    [LoggerMessage(EventId = 5001, EventName = "StoreBypassed", Level = LogLevel.Warning,
        Message = "The prefix store failed {Failures} times in a row, last with {Error}; requests go on without it, and it is tried again after {BreakSeconds} s.")]
    public static partial void StoreBypassed(this ILogger logger, int failures, string error, double breakSeconds);

    [LoggerMessage(EventId = 5002, EventName = "StoreRestored", Level = LogLevel.Information,
        Message = "The prefix store answers again.")]
    public static partial void StoreRestored(this ILogger logger);
}
