using System.Text;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Responses;

/// <summary>Settles as the gateway does in outline: store mode answers from fixed counts, provider mode fills in what is missing.</summary>
internal sealed class TestSettler : ISettler
{
    public bool StoreMode { get; init; }

    public bool ExplicitFields { get; init; }

    /// <summary>As design: a cost that the provider reports is the total.</summary>
    public bool TotalIsReported { get; init; }

    public bool HasCost { get; init; } = true;

    public long? StoreRead { get; init; } = 500;

    public long? StoreWrite { get; init; } = 100;

    /// <summary>Completed by the test when the answer shall come late.</summary>
    public TaskCompletionSource? Gate { get; init; }

    public int Calls { get; private set; }

    public TokenUsage? Reported { get; private set; }

    public Settlement? Settled { get; private set; }

    public string? Completion { get; private set; }

    public async ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken)
    {
        Calls++;
        Reported = reported;
        Completion = Encoding.UTF8.GetString(completion.Span);
        if (Gate is not null)
        {
            await Gate.Task.WaitAsync(cancellationToken);
        }

        var usage = reported ?? new TokenUsage { Source = CountSource.Estimated };
        usage = usage with { PromptTokens = usage.PromptTokens ?? 1000, CompletionTokens = usage.CompletionTokens ?? completion.Length };
        usage = StoreMode ? usage with { CacheRead = StoreRead, CacheWrite = StoreWrite, CacheWrite1h = null, Source = CountSource.Store }
            : usage.CacheRead is null ? usage with { CacheRead = StoreRead, Source = CountSource.Store }
            : usage;
        return Settled = new Settlement(UsageBounds.Clamp(usage), HasCost ? Cost(usage.Source) with { TotalCost = TotalIsReported ? usage.ReportedCost ?? 0.00049m : 0.00049m } : null, StoreMode, ExplicitFields);
    }

    public static CostDetails Cost(CountSource source) => new()
    {
        Status = CostStatus.Exact,
        Source = source,
        PromptCost = 0.00017m,
        CacheReadCost = 0.00015m,
        CacheWriteCost = 0m,
        CacheWrite5MinCost = 0m,
        CacheWrite1HourCost = 0m,
        CompletionCost = 0.00032m,
        TotalCost = 0.00049m,
        CacheSavings = 0.00045m,
    };

    public const string CostJson = "\"prompt_cost\":0.00017,\"prompt_cache_read_cost\":0.00015,\"prompt_cache_write_cost\":0,\"prompt_cache_write_5_min\":0,\"prompt_cache_write_1_h\":0,\"completion_cost\":0.00032,\"total_cost\":0.00049,\"cache_savings\":0.00045}";

    public static string CostOf(string source) => $"{{\"status\":\"exact\",\"currency\":\"USD\",\"source\":\"{source}\",{CostJson}";
}
