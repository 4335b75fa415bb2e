using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Gateway.Telemetry;

/// <summary>What happened to one request: the source of its log event and its metrics. Holds no text and no key.</summary>
internal sealed record RequestRecord
{
    public required string RequestId { get; init; }

    public required string Path { get; init; }

    public required int Status { get; init; }

    public required TimeSpan Duration { get; init; }

    public string Tenant { get; init; } = "";

    public string Provider { get; init; } = "";

    /// <summary>What kind of provider it is: the name of its preset.</summary>
    public string ProviderKind { get; init; } = "";

    public string Model { get; init; } = "";

    public string UpstreamModel { get; init; } = "";

    public bool Stream { get; init; }

    /// <summary>How many upstreams were tried; 0: none.</summary>
    public int Attempts { get; init; }

    /// <summary>hit, partial, miss, bypass or unknown.</summary>
    public string StoreStatus { get; init; } = "bypass";

    /// <summary>Why not more was read, in one word.</summary>
    public string Reason { get; init; } = "";

    public TimeSpan? FirstByte { get; init; }

    public TokenUsage? Usage { get; init; }

    public CostDetails? Cost { get; init; }

    public long? PredictedRead { get; init; }

    public long? ReportedRead { get; init; }

    /// <summary>The gateway's or the forwarder's error, in one word; empty when there was none.</summary>
    public string Error { get; init; } = "";
}
