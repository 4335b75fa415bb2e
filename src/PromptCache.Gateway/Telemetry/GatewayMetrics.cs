using System.Diagnostics.Metrics;
using PromptCache.Core.Usage;

namespace PromptCache.Gateway.Telemetry;

/// <summary>The gateway's instruments.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<double> _savings;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstByte;
    private readonly Histogram<long> _difference;
    private readonly GenAI _genAI;
    private readonly BoundedNames _models = new();

    public GatewayMetrics(IMeterFactory meters)
    {
        _genAI = new GenAI(meters);
        _meter = meters.Create(TelemetryNames.Meter);
        _requests = _meter.CreateCounter<long>(TelemetryNames.Requests, "{request}", "Requests, by provider, model, HTTP status and the store's view.");
        _fallbacks = _meter.CreateCounter<long>(TelemetryNames.Fallbacks, "{attempt}", "Attempts that failed and were followed by another, by provider and its HTTP status; 0: it did not answer.");
        _tokens = _meter.CreateCounter<long>(TelemetryNames.Tokens, "{token}", "Tokens, by how they are billed.");
        _cost = _meter.CreateCounter<double>(TelemetryNames.Cost, "{USD}", "What priced requests cost.");
        _savings = _meter.CreateCounter<double>(TelemetryNames.Savings, "{USD}", "What caching saved against the input price; writes count against it.");
        _duration = _meter.CreateHistogram<double>(TelemetryNames.Duration, "s", "From the request's first byte to the response's last.");
        _firstByte = _meter.CreateHistogram<double>(TelemetryNames.FirstByte, "s", "From the request's first byte to the upstream's first body byte.");
        _difference = _meter.CreateHistogram<long>(TelemetryNames.PredictionDifference, "{token}", "Cached tokens that the provider reported, less those that the policy predicted.");
    }

    /// <summary>Registers what is read when somebody looks: whether the store answers, and how often it did not.</summary>
    public void ObserveStore(Func<bool> isUp, Func<long> failures)
    {
        _meter.CreateObservableGauge(TelemetryNames.StoreUp, () => isUp() ? 1 : 0, "{store}", "1 while the prefix store answers.");
        _meter.CreateObservableCounter(TelemetryNames.StoreFailures, failures, "{call}", "Calls to the shared prefix store that failed or did not end in time; those that its breaker spared are none.");
    }

    public void Request(RequestRecord record)
    {
        // No model: another endpoint, or a request that was refused before it was understood.
        var model = record.UpstreamModel.Length == 0 ? "" : _models.Admit(record.UpstreamModel, record.Status is >= 200 and < 300);
        var provider = record.Provider;
        _requests.Add(1, new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model), new(TelemetryNames.Status, record.Status), new(TelemetryNames.StoreStatus, record.StoreStatus));
        _duration.Record(record.Duration.TotalSeconds, new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
        if (record.FirstByte is { } firstByte)
        {
            _firstByte.Record(firstByte.TotalSeconds, new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
        }

        if (model.Length > 0)
        {
            _genAI.Request(record, model);
        }

        if (record.Usage is { } usage)
        {
            Tokens(usage, provider, model);
        }

        if (record.Cost is { TotalCost: { } total } cost)
        {
            _cost.Add((double)total, new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
            // A counter only grows; a write premium shows as cost, not as a negative saving.
            _savings.Add((double)Math.Max(cost.CacheSavings ?? 0, 0), new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
        }

        if (record is { PredictedRead: { } predicted, ReportedRead: { } reported })
        {
            _difference.Record(reported - predicted, new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
        }
    }

    public void Fallback(string provider, int status) => _fallbacks.Add(1, new(TelemetryNames.Provider, provider), new(TelemetryNames.Status, status));

    public void Dispose()
    {
        _meter.Dispose();
        _genAI.Dispose();
    }

    private void Tokens(TokenUsage usage, string provider, string model)
    {
        if (!_tokens.Enabled)
        {
            return;
        }

        Add(usage.Uncached, "uncached");
        Add(usage.CacheRead, "cache_read");
        Add(usage.CacheWrite, "cache_write");
        Add(usage.CacheWrite1h, "cache_write_1h");
        Add(usage.CompletionTokens, "output");

        void Add(long? count, string kind)
        {
            if (count is > 0)
            {
                _tokens.Add(count.Value, new(TelemetryNames.Kind, kind), new(TelemetryNames.Provider, provider), new(TelemetryNames.Model, model));
            }
        }
    }
}
