using System.Text;
using BenchmarkDotNet.Attributes;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;
using PromptCache.Core.Usage;

namespace PromptCache.Benchmarks;

/// <summary>What a stream costs on its way through: 1,000 content chunks as OpenAI sends them, a usage chunk, [DONE]. Divide by 1,000 for a chunk.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const int Chunks = 1000;

    private readonly RewriteOptions _options = new(ShowUsage: true, UsageCost: false, UsageDialect.OpenAI, MaxBuffered: 1 << 20);
    private readonly FixedSettler _settler = new();
    private byte[][] _events = [];
    private byte[][] _reads = [];

    [GlobalSetup]
    public void Setup()
    {
        const string Head = "\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-5-mini-2025-08-07\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\"";
        var events = new List<string>();
        for (var i = 0; i < Chunks; i++)
        {
            events.Add($"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\" token{i}\"}},\"logprobs\":null,\"finish_reason\":null}}],\"usage\":null}}\n\n");
        }

        events.Add($"data: {{{Head},\"choices\":[],\"usage\":{{\"prompt_tokens\":1550,\"completion_tokens\":1000,\"total_tokens\":2550,\"prompt_tokens_details\":{{\"cached_tokens\":1500}}}}}}\n\n");
        events.Add("data: [DONE]\n\n");
        _events = [.. events.Select(Encoding.UTF8.GetBytes)];
        _reads = [.. Encoding.UTF8.GetBytes(string.Concat(events)).Chunk(4096)];
    }

    /// <summary>Every chunk comes by itself, as it does from a model that generates.</summary>
    [Benchmark(Baseline = true)]
    public Task OneEventPerRead() => RunAsync(_events);

    /// <summary>Reads of 4 kB that end anywhere.</summary>
    [Benchmark]
    public Task ReadsOf4Kilobytes() => RunAsync(_reads);

    private async Task RunAsync(byte[][] reads)
    {
        using var rewriter = new ChatStreamRewriter(_options, _settler);
        foreach (var read in reads)
        {
            await rewriter.WriteAsync(read, Stream.Null, CancellationToken.None);
        }

        await rewriter.CompleteAsync(Stream.Null, CancellationToken.None);
    }

    private sealed class FixedSettler : ISettler
    {
        private static readonly CostDetails Cost = new() { Status = CostStatus.Exact, Source = CountSource.Provider, TotalCost = 0.00049m };

        public ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken)
            => new(new Settlement(reported ?? new TokenUsage(), Cost, ReplaceCacheFields: false, ExplicitFields: false));
    }
}
