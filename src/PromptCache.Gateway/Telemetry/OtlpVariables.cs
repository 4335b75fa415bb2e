using OpenTelemetry.Resources;

namespace PromptCache.Gateway.Telemetry;

/// <summary>What the standard <c>OTEL_*</c> variables say; the exporters read the rest of them themselves.</summary>
internal static class OtlpVariables
{
    public static bool AreMetricsOn => IsOn("METRICS");

    public static bool AreTracesOn => IsOn("TRACES");

    /// <summary>The standard variables win over our own name.</summary>
    public static void NameService(ResourceBuilder resource)
    {
        if (!Has("OTEL_SERVICE_NAME") && Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) is not true)
        {
            resource.AddService("promptcache");
        }
    }

    private static bool IsOn(string signal)
        => Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") is not "true"
            && Environment.GetEnvironmentVariable($"OTEL_{signal}_EXPORTER") is not "none"
            && (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") || Environment.GetEnvironmentVariable($"OTEL_{signal}_EXPORTER") is "otlp");

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
