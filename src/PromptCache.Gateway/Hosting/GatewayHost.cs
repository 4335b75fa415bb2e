using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PromptCache.Gateway.Admin;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Pipeline;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Telemetry;
using Serilog.Extensions.Logging;

namespace PromptCache.Gateway.Hosting;

/// <summary>Builds the gateway: what <c>serve</c> runs, what the demo shows, and what tests talk to.</summary>
internal static class GatewayHost
{
    /// <exception cref="InvalidConfigurationException">The configuration is not valid; the message lists every error.</exception>
    public static WebApplication Build(ServeSettings settings)
    {
        var own = new OwnAddresses(settings.Urls);
        var file = settings.ConfigText is { } text ? new ConfigurationFile(path: null, text, own) : ConfigurationFile.Locate(settings.ConfigPath, own);
        var (model, errors) = file.Read();
        if (model is null)
        {
            throw new InvalidConfigurationException(file.Origin, errors);
        }

        // Slim, and no appsettings.json: one file configures the gateway.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "PromptCache.Gateway" });
        builder.Configuration.AddEnvironmentVariables();
        Logging(builder, settings, model);
        Server(builder, settings, model);
        Services(builder.Services, settings, file, model);
        var app = builder.Build();
        app.UseRouting();
        app.MapHealth();
        app.MapAdmin();
        app.MapProxy();
        return app;
    }

    private static void Logging(WebApplicationBuilder builder, ServeSettings settings, GatewayModel model)
    {
        // Serilog decides by category what the console shows; everything else keeps to the settings.
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter((provider, category, level) => (provider == typeof(SerilogLoggerProvider).FullName || level >= settings.LogLevel) && (level >= LogLevel.Warning || !QuotesAddresses(category)));
        builder.Logging.AddProvider(new SerilogLoggerProvider(ConsoleLog.Create(model.LogFormat, settings.LogLevel, builder.Configuration), dispose: true));
        if (settings.Logs is { } logs)
        {
            builder.Logging.AddProvider(logs);
        }
    }

    // Below a warning they tell of every request with its whole address, and some clients and providers take keys in the query.
    private static bool QuotesAddresses(string? category)
        => category is not null && (category.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal) || category.StartsWith("Yarp.", StringComparison.Ordinal) || category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal));

    private static void Server(WebApplicationBuilder builder, ServeSettings settings, GatewayModel model)
    {
        builder.WebHost.UseKestrelCore().UseUrls(settings.Urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Certificates, as ASP.NET Core's documentation names them: Kestrel__Certificates__Default__Path and __KeyPath.
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            // Headers pass byte by byte, whatever they are encoded in.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            // The gateway's own limit answers in OpenAI's shape.
            kestrel.Limits.MaxRequestBodySize = null;
            // A client may take its time over a long prompt, but not for ever: who sends next to nothing would hold a connection and memory. It is answered with 408.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(30));
            // A stream may rest while a model thinks; one that its client does not read ends with the provider's timeout.
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(model.Limits.DrainSeconds));
    }

    private static void Services(IServiceCollection services, ServeSettings settings, ConfigurationFile file, GatewayModel model)
    {
        services.AddRoutingCore();
        services.AddMetrics();
        services.AddHttpForwarder();
        services.AddSingleton(settings.Time);
        services.AddSingleton(settings.Tokenizers);
        services.AddSingleton<CountingThreads>();
        services.AddSingleton(provider => new GatewayModelSource(file, model, provider.GetRequiredService<ILogger<GatewayModelSource>>()));
        services.AddSingleton<Explainer>();
        services.AddSingleton<StoreFactory>();
        services.AddSingleton<PrefixEngineSource>();
        services.AddSingleton<DestinationSelector>();
        services.AddSingleton<ConversationMemory>();
        services.AddSingleton<TargetOrder>();
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<MetricsPipeline>();
        services.AddSingleton<TracePipeline>();
        services.AddSingleton<RequestPublisher>();
        services.AddSingleton<RequestTelemetry>();
        services.AddSingleton<ExplicitCaches>();
        services.AddSingleton<ChatSender>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<PassThroughEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddHostedService<StoreMonitor>();
        services.AddHostedService<StartUp>();
        services.AddHostedService<DestinationProbe>();
    }
}
