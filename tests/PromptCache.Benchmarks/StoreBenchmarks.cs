using BenchmarkDotNet.Attributes;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Testing.Stores;

namespace PromptCache.Benchmarks;

/// <summary>The in-process store: find and refresh a known prompt, and record it again. The Redis store's server side: <c>dotnet run -c Release -- redis-store</c>.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private readonly InProcessPrefixStore _store = new(TimeProvider.System);
    private BlockChain _chain = null!;

    /// <summary>20k, 200k and 1M tokens.</summary>
    [Params(160, 1600, 8000)]
    public int Blocks { get; set; }

    /// <summary>A conversation that grew by 16 blocks a turn, which is how long prompts come about.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        for (var blocks = 16; blocks <= Blocks; blocks += 16)
        {
            _chain = TestChain.Long(blocks);
            await _store.RecordAsync(new(_chain, Ttl, [], 1), default);
        }
    }

    [Benchmark]
    public async Task<int> Find()
    {
        var found = await _store.FindAsync(new(_chain, Ttl, []), default);
        return found.Blocks == Blocks ? found.Blocks : throw new InvalidOperationException("The store did not find what it had recorded.");
    }

    [Benchmark]
    public async Task Record() => await _store.RecordAsync(new(_chain, Ttl, [], 1), default);
}
