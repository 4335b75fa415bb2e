using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Collects the instruments: as text when asked, and over OTLP when the standard <c>OTEL_*</c> variables say so.</summary>
internal sealed class MetricsPipeline : IDisposable
{
    private readonly PrometheusText _text = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;
    private readonly Lock _gate = new();

    public MetricsPipeline()
    {
        _reader = new BaseExportingMetricReader(_text);
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter(TelemetryNames.Meter)
            .AddView(TelemetryNames.Duration, new ExplicitBucketHistogramConfiguration { Boundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] })
            .AddView(TelemetryNames.FirstByte, new ExplicitBucketHistogramConfiguration { Boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] })
            .AddView(TelemetryNames.PredictionDifference, new ExplicitBucketHistogramConfiguration { Boundaries = [-100_000, -10_000, -1_000, -128, -1, 0, 1, 128, 1_000, 10_000, 100_000] })
            .AddReader(_reader);
        if (IsOtlpOn)
        {
            NameService(builder);
            // The framework's own instruments cost every request something; who collects over OTLP wants them.
            builder.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime").AddOtlpExporter();
        }

        _provider = builder.Build();
    }

    // The standard variables win over our own name.
    private static void NameService(MeterProviderBuilder builder)
    {
        if (!Has("OTEL_SERVICE_NAME") && Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) is not true)
        {
            builder.ConfigureResource(resource => resource.AddService("promptcache"));
        }
    }

    private static bool IsOtlpOn
        => Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") is not "true"
            && Environment.GetEnvironmentVariable("OTEL_METRICS_EXPORTER") is not "none"
            && (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") || Environment.GetEnvironmentVariable("OTEL_METRICS_EXPORTER") is "otlp");

    /// <summary>Collects now, as Prometheus text.</summary>
    public string Collect()
    {
        lock (_gate)
        {
            _reader.Collect();
            return _text.Latest;
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _text.Dispose();
    }

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
