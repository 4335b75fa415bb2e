namespace PromptCache.Gateway.Configuration;

internal static partial class Log
{
    // EventName is contract: operators filter and alert on it. Reword the message freely, never the name.
    [LoggerMessage(EventId = 2000, EventName = "ConfigurationAccepted", Level = LogLevel.Information,
        Message = "Configuration from {Origin}: {Providers} providers, {Routes} model routes.")]
    public static partial void ConfigurationAccepted(this ILogger logger, string origin, int providers, int routes);

    [LoggerMessage(EventId = 2001, EventName = "ConfigurationRefused", Level = LogLevel.Error,
        Message = "Configuration from {Origin} is not valid and was not taken; the one before stays in force. {Errors}")]
    public static partial void ConfigurationRefused(this ILogger logger, string origin, string errors);

    [LoggerMessage(EventId = 2002, EventName = "OpenGateway", Level = LogLevel.Warning,
        Message = "This gateway holds provider keys, has no tenants and listens on {Address}: whoever reaches it spends your money. Configure Tenants, or listen on loopback.")]
    public static partial void OpenGateway(this ILogger logger, string address);
}
