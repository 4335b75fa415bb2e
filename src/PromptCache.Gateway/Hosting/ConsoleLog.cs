using PromptCache.Gateway.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Hosting;

/// <summary>The console, as Serilog writes it. Levels can be overridden under <c>Serilog:MinimumLevel</c> in the environment, such as <c>Serilog__MinimumLevel__Default=Debug</c>.</summary>
internal static class ConsoleLog
{
    private const int HostStartFailed = 11;

    public static Serilog.Core.Logger Create(LogFormat format, LogLevel level, IConfiguration configuration)
    {
        var least = level switch
        {
            LogLevel.Trace => LogEventLevel.Verbose,
            LogLevel.Debug => LogEventLevel.Debug,
            LogLevel.Information => LogEventLevel.Information,
            LogLevel.Warning => LogEventLevel.Warning,
            LogLevel.Error => LogEventLevel.Error,
            _ => LogEventLevel.Fatal,
        };
        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(least)
            .MinimumLevel.Override("Microsoft", AtLeast(LogEventLevel.Warning))
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", AtLeast(LogEventLevel.Information))
            .MinimumLevel.Override("System.Net.Http", AtLeast(LogEventLevel.Warning))
            .MinimumLevel.Override("Yarp", AtLeast(LogEventLevel.Warning))
            .Filter.ByExcluding(IsToldAnyway)
            .ReadFrom.Configuration(configuration);
        return (format == LogFormat.Json
            ? logger.WriteTo.Console(new JsonFormatter(renderMessage: false))
            : logger.WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: System.Globalization.CultureInfo.InvariantCulture)).CreateLogger();

        // What the gateway tells in a line of its own: a start that failed stands on standard error, a client that left in its request's event.
        static bool IsToldAnyway(LogEvent e) => SourceOf(e) switch
        {
            "Microsoft.Extensions.Hosting.Internal.Host" => e.Properties.TryGetValue("EventId", out var id) && id is StructureValue { Properties: [{ Name: "Id", Value: ScalarValue { Value: HostStartFailed } }, ..] },
            "Yarp.ReverseProxy.Forwarder.HttpForwarder" => e.Properties.TryGetValue("error", out var error)
                && error is ScalarValue { Value: ForwarderError.RequestCanceled or ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient },
            _ => false,
        };

        static string? SourceOf(LogEvent e) => e.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string name } ? name : null;

        // A quieter gateway is not made louder by a source of its own.
        LogEventLevel AtLeast(LogEventLevel usual) => usual > least ? usual : least;
    }
}
