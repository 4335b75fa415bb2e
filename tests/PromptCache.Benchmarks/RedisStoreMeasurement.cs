using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Redis;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Benchmarks;

/// <summary>What the store costs the Redis server: bytes per block, and microseconds per script by the server's own count (INFO commandstats), without network and client.</summary>
internal static class RedisStoreMeasurement
{
    private const int MaxAnchors = 1024;

    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private static readonly (string Name, int Blocks, int Segment)[] Prompts =
    [
        ("20k, one document", 160, 160),
        ("200k, one document", 1600, 1600),
        ("1M, one document", 8000, 8000),
        ("20k, 8-block segments", 160, 8),
        ("200k, 8-block segments", 1600, 8),
        ("1M, 8-block segments", 8000, 8),
    ];

    public static async Task RunAsync()
    {
        await using var server = await RedisServer.StartAsync();
        using var admin = await ConnectionMultiplexer.ConnectAsync(server.EndPoint + ",allowAdmin=true");
        await using var store = RedisPrefixStore.Create(new() { Configuration = server.EndPoint }, NullLoggerFactory.Instance, TimeProvider.System);
        while (!store.IsConnected)
        {
            await Task.Yield();
        }

        var inspect = new Inspector(admin.GetServer(admin.GetEndPoints()[0]));
        Console.WriteLine("| prompt | blocks | keys | bytes/block | cold record us | repeated record us | find+refresh us | find, cold us | anchors asked | none known us | all known us |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, blocks, segment) in Prompts)
        {
            await inspect.FlushAsync();
            var chains = Enumerable.Range(0, Math.Max(20, 200_000 / blocks)).Select(i => Chain(i, blocks, segment)).ToArray();
            var missing = Chain(-1, blocks, segment);
            var before = await inspect.MemoryAsync();
            var cold = await inspect.MedianAsync(chains, c => store.RecordAsync(new(c, Ttl, [], 1), default).AsTask());
            var after = await inspect.MemoryAsync();
            var keys = inspect.Keys / chains.Length;
            var some = chains[..20];
            var again = await inspect.MedianAsync(some, c => store.RecordAsync(new(c, Ttl, [], 1), default).AsTask());
            var find = await inspect.MedianAsync(some, async c => Require((await store.FindAsync(new(c, Ttl, []), default)).Blocks == blocks));
            var miss = await inspect.MedianAsync([.. Enumerable.Repeat(missing, 20)], c => store.FindAsync(new(c, Ttl, []), default).AsTask());
            var ends = chains[0].SegmentEnds.ToArray();
            var asked = await inspect.MedianAsync(some, c => store.FindAsync(new(c, Ttl, [.. ends.TakeLast(MaxAnchors)]), default).AsTask());
            foreach (var chain in some)
            {
                await store.RecordAsync(new(chain, Ttl, [.. ends.TakeLast(MaxAnchors).Select(e => new AnchorWrite(e, Ttl))], 1), default);
            }

            var alive = await inspect.MedianAsync(some, c => store.FindAsync(new(c, Ttl, [.. ends.TakeLast(MaxAnchors)]), default).AsTask());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {blocks} | {keys} | {(double)(after - before) / blocks / chains.Length:F1} | {cold} | {again} | {find} | {miss} | {Math.Min(ends.Length, MaxAnchors)} | {asked} | {alive} |"));
        }
    }

    private static void Require(bool ok)
    {
        if (!ok)
        {
            throw new InvalidOperationException("The store did not find what it had recorded.");
        }
    }

    private static BlockChain Chain(int number, int blocks, int segment)
    {
        var chain = new TestChain().Tenant(number.ToString(CultureInfo.InvariantCulture));
        for (var at = 0; at < blocks; at += segment)
        {
            chain.Segment([.. Enumerable.Range(at, Math.Min(segment, blocks - at))]);
        }

        return chain.Build();
    }

    private sealed class Inspector(IServer server)
    {
        public long Keys => server.DatabaseSize();

        public Task FlushAsync() => server.FlushAllDatabasesAsync();

        public async Task<long> MemoryAsync() => long.Parse((await server.InfoAsync("memory")).SelectMany(g => g).First(p => p.Key == "used_memory").Value, CultureInfo.InvariantCulture);

        /// <summary>The server's time for all scripts of one call of <paramref name="use"/>, in the middle of all calls.</summary>
        public async Task<long> MedianAsync(BlockChain[] chains, Func<BlockChain, Task> use)
        {
            var times = new List<long>();
            foreach (var chain in chains)
            {
                var before = await ScriptTimeAsync();
                await use(chain);
                times.Add(await ScriptTimeAsync() - before);
            }

            times.Sort();
            return times[times.Count / 2];
        }

        private async Task<long> ScriptTimeAsync()
            => (await server.InfoAsync("commandstats")).SelectMany(g => g)
                .Where(p => p.Key is "cmdstat_evalsha" or "cmdstat_eval")
                .Sum(p => long.Parse(p.Value.Split(',').First(f => f.StartsWith("usec=", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture));
    }
}
