using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace PromptCache.Redis;

internal static partial class Log
{
    // EventName is contract: operators filter and alert on it. Reword the message freely, never the name.
    // The kind of failure only: an exception's text can quote the connection string.
    [LoggerMessage(EventId = 5101, EventName = "RedisDisconnected", Level = LogLevel.Warning,
        Message = "No connection to Redis at {EndPoint}: {Failure}. It is tried again in the background.")]
    public static partial void RedisDisconnected(this ILogger logger, string endPoint, ConnectionFailureType failure);

    [LoggerMessage(EventId = 5102, EventName = "RedisConnected", Level = LogLevel.Information,
        Message = "Connected to Redis at {EndPoint}.")]
    public static partial void RedisConnected(this ILogger logger, string endPoint);
}
