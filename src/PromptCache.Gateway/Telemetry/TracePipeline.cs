using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Exports spans over OTLP when the standard <c>OTEL_*</c> variables say so: one per request, and below it one per try at an upstream, which gets that one's <c>traceparent</c>.</summary>
/// <remarks>Without it no span is made, and a client's own trace headers pass to the upstream as they came.</remarks>
internal sealed class TracePipeline : IDisposable
{
    private readonly TracerProvider? _provider = OtlpVariables.AreTracesOn
        ? Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(OtlpVariables.NameService)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http")
            .AddProcessor(new ToldSpans())
            .AddOtlpExporter()
            .Build()
        : null;

    public void Dispose() => _provider?.Dispose();

    /// <summary>Passes on the spans of requests that were told of; probes and scrapes are none.</summary>
    private sealed class ToldSpans : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Kind == ActivityKind.Server && data.GetTagItem(GenAI.OperationName) is null && data.GetTagItem(TelemetryNames.RequestId) is null)
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }
}
