using System.Diagnostics;
using System.Diagnostics.Metrics;
using PromptCache.Core.Usage;

namespace PromptCache.Gateway.Telemetry;

/// <summary>The instruments and span attributes that OpenTelemetry's semantic conventions for generative AI define (gen-ai-metrics, gen-ai-spans; status: development).</summary>
/// <remarks>A meter of its own: it is collected where OTLP is on, and costs nothing elsewhere. Input tokens include cached ones, as the conventions ask.</remarks>
internal sealed class GenAI : IDisposable
{
    public const string Meter = "PromptCache.GenAI";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string OperationDuration = "gen_ai.client.operation.duration";
    public const string TimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    public const string OperationName = "gen_ai.operation.name";

    private const string Chat = "chat";
    private const string ProviderName = "gen_ai.provider.name";
    private const string RequestModel = "gen_ai.request.model";
    private const string TokenType = "gen_ai.token.type";
    private const string ErrorType = "error.type";

    private readonly Meter _meter;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;

    public GenAI(IMeterFactory meters)
    {
        _meter = meters.Create(Meter);
        _tokens = _meter.CreateHistogram<long>(TokenUsage, "{token}", "Input and output tokens of a request.");
        _duration = _meter.CreateHistogram<double>(OperationDuration, "s", "How long a request took.");
        _firstChunk = _meter.CreateHistogram<double>(TimeToFirstChunk, "s", "How long the first chunk of a stream took.");
    }

    /// <param name="record">A request that was forwarded.</param>
    /// <param name="model">Its model's name, bounded.</param>
    public void Request(RequestRecord record, string model)
    {
        if (!_duration.Enabled)
        {
            return;
        }

        var tags = new TagList { { OperationName, Chat }, { ProviderName, NameOf(record) }, { RequestModel, model } };
        Tokens(record.Usage?.PromptTokens, "input");
        Tokens(record.Usage?.CompletionTokens, "output");

        if (record is { Stream: true, FirstByte: { } first })
        {
            _firstChunk.Record(first.TotalSeconds, tags);
        }

        if (ErrorOf(record) is { } error)
        {
            tags.Add(ErrorType, error);
        }

        _duration.Record(record.Duration.TotalSeconds, tags);

        void Tokens(long? count, string type)
        {
            if (count is { } known)
            {
                _tokens.Record(known, [.. tags, new(TokenType, type)]);
            }
        }
    }

    /// <summary>Puts what is known of the request on its span. Never a prompt, a completion or a key.</summary>
    public static void Describe(Activity? span, RequestRecord record)
    {
        if (span is not { IsAllDataRequested: true, Kind: ActivityKind.Server })
        {
            return;
        }

        span.SetTag(TelemetryNames.RequestId, record.RequestId);
        span.SetTag("url.path", record.Path);
        span.SetTag("http.response.status_code", record.Status);
        span.DisplayName = record.Path;
        if (ErrorOf(record) is { } error)
        {
            span.SetTag(ErrorType, error);
            span.SetStatus(record.Status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }

        if (record.UpstreamModel.Length == 0)
        {
            return;
        }

        span.DisplayName = $"{Chat} {LogText.Clean(record.UpstreamModel)}";
        span.SetTag(OperationName, Chat);
        span.SetTag(ProviderName, NameOf(record));
        span.SetTag(RequestModel, LogText.Clean(record.UpstreamModel));
        span.SetTag(TelemetryNames.SpanProvider, record.Provider);
        span.SetTag(TelemetryNames.SpanStatus, record.StoreStatus);
        if (record.Usage is { } usage)
        {
            span.SetTag("gen_ai.usage.input_tokens", usage.PromptTokens);
            span.SetTag("gen_ai.usage.output_tokens", usage.CompletionTokens);
            span.SetTag("gen_ai.usage.cache_read.input_tokens", usage.CacheRead);
            span.SetTag("gen_ai.usage.cache_creation.input_tokens", Written(usage));
            span.SetTag("gen_ai.usage.reasoning.output_tokens", usage.ReasoningTokens);
        }

        span.SetTag(TelemetryNames.SpanCost, (double?)record.Cost?.TotalCost);
    }

    public void Dispose() => _meter.Dispose();

    private static long? Written(TokenUsage usage) => usage.CacheWrite is null && usage.CacheWrite1h is null ? null : (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0);

    private static string? ErrorOf(RequestRecord record)
        => record.Error.Length > 0 ? record.Error : record.Status >= 400 ? record.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;

    // The conventions' own names where they have one; a name of ours is a custom value, which they allow.
    private static string NameOf(RequestRecord record) => record.ProviderKind switch
    {
        "gemini" or "gemini-openai" => "gcp.gemini",
        "azure" => "azure.ai.openai",
        "xai" => "x_ai",
        "mistral" => "mistral_ai",
        "moonshot" => "moonshot_ai",
        var kind => kind,
    };
}
