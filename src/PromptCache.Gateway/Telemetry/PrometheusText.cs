using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Writes collected metrics in Prometheus' text format, version 0.0.4.</summary>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    /// <summary>What the last collection gave.</summary>
    public string Latest { get; private set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        foreach (var metric in batch)
        {
            Write(text, metric);
        }

        Latest = text.ToString();
        return ExportResult.Success;
    }

    private static void Write(StringBuilder text, Metric metric)
    {
        var isHistogram = metric.MetricType == MetricType.Histogram;
        var isGauge = metric.MetricType is MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic;
        var name = NameOf(metric, isGauge || isHistogram);
        text.Append("# HELP ").Append(name).Append(' ').Append(metric.Description.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(isHistogram ? " histogram" : isGauge ? " gauge" : " counter").Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = LabelsOf(point);
            if (isHistogram)
            {
                Histogram(text, name, labels, point);
                continue;
            }

            var value = metric.MetricType is MetricType.LongGauge ? point.GetGaugeLastValueLong()
                : metric.MetricType is MetricType.DoubleGauge ? point.GetGaugeLastValueDouble()
                : metric.MetricType is MetricType.LongSum or MetricType.LongSumNonMonotonic ? point.GetSumLong()
                : point.GetSumDouble();
            Line(text, name, labels, value);
        }
    }

    private static void Histogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        var separator = labels.Length == 0 ? "" : ",";
        long cumulative = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString("R", CultureInfo.InvariantCulture);
            Line(text, name + "_bucket", $"{labels}{separator}le=\"{bound}\"", cumulative);
        }

        Line(text, name + "_sum", labels, point.GetHistogramSum());
        Line(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string LabelsOf(in MetricPoint point)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in point.Tags)
        {
            var escaped = (value?.ToString() ?? "").Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
            labels.Append(labels.Length == 0 ? "" : ",").Append(Sanitize(key)).Append("=\"").Append(escaped).Append('"');
        }

        return labels.ToString();
    }

    private static string NameOf(Metric metric, bool plain)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "{USD}" => "_usd", "By" => "_bytes", _ => "" };
        return Sanitize(metric.Name) + unit + (plain ? "" : "_total");
    }

    private static string Sanitize(string name) => string.Create(name.Length, name, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(text[i]) ? text[i] : '_';
        }
    });
}
