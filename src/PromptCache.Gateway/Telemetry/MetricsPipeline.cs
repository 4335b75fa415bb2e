using OpenTelemetry;
using OpenTelemetry.Metrics;

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
            // As the conventions for generative AI advise.
            .AddView(GenAI.TokenUsage, new ExplicitBucketHistogramConfiguration { Boundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] })
            .AddView(GenAI.OperationDuration, new ExplicitBucketHistogramConfiguration { Boundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] })
            .AddView(GenAI.TimeToFirstChunk, new ExplicitBucketHistogramConfiguration { Boundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] })
            .AddReader(_reader);
        if (OtlpVariables.AreMetricsOn)
        {
            builder.ConfigureResource(OtlpVariables.NameService);
            // The framework's own instruments cost every request something; who collects over OTLP wants them.
            builder.AddMeter(GenAI.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime").AddOtlpExporter();
        }

        _provider = builder.Build();
    }

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
}
