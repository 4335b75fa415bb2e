using Microsoft.Extensions.Logging.Abstractions;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Redis.Tests;

/// <summary>A cluster of three: the halves of a chain go to the nodes that own them, and what becomes of one node is no matter of the others.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private RedisCluster _cluster = null!;
    private ConnectionMultiplexer _admin = null!;
    private RedisPrefixStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync();
        _admin = await ConnectionMultiplexer.ConnectAsync(_cluster.EndPoints + ",allowAdmin=true,syncTimeout=20000");
        _store = await RedisPrefixStore.Create(new() { Configuration = _cluster.EndPoints }, NullLoggerFactory.Instance, TimeProvider.System).ConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _admin.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task FindAndRecord_ChainsOfAllNodes_AtMostTwoCallsEach()
    {
        var chains = Enumerable.Range(0, 3).SelectMany(trunk => Enumerable.Range(0, 3).Select(branch => OnNodes(trunk, branch))).ToArray();
        foreach (var chain in chains)
        {
            await _store.RecordAsync(new(chain, FiveMinutes, [new(4, FiveMinutes), new(7, FiveMinutes)], 5), default);
        }

        foreach (var chain in chains)
        {
            var before = await ScriptsAsync();
            var match = await _store.FindAsync(new(chain, FiveMinutes, [4, 7]), default);

            match.Describe().ShouldBe("7 blocks, anchors 4 7, served by 5");
            (await ScriptsAsync() - before).ShouldBe(2);
        }
    }

    [Fact]
    public async Task FindAndRecord_SlotMovedToAnotherNode_IsFollowed()
    {
        var number = NumberOf(0, 1);
        var chain = Chain(number, 5, 6, 7);
        await _store.RecordAsync(new(chain, FiveMinutes, [], 0), default);
        var slot = SlotOf(chain, trunk: true);
        await _cluster.Nodes[0].CommandAsync("FLUSHALL");

        await _cluster.MoveAsync(slot, to: 2);

        // The trunk's keys are gone; the branch proves the whole prefix all the same.
        (await _store.FindAsync(new(chain, FiveMinutes, []), default)).Blocks.ShouldBe(7);
        await _store.RecordAsync(new(chain, FiveMinutes, [], 0), default);
        (await _store.FindAsync(new(Chain(number, -1), FiveMinutes, []), default)).Blocks.ShouldBe(4);
        long.Parse(await _cluster.Nodes[2].CommandAsync("CLUSTER", "COUNTKEYSINSLOT", slot.ToString(System.Globalization.CultureInfo.InvariantCulture)), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Find_OneNodeDies_TheOthersAnswerAndItIsUsedWhenItIsBack()
    {
        var (dead, alive) = (OnNodes(1, 1), OnNodes(0, 2));
        await _store.RecordAsync(new(dead, FiveMinutes, [], 0), default);
        await _store.RecordAsync(new(alive, FiveMinutes, [], 0), default);
        var guarded = new GuardedPrefixStore(_store, TimeProvider.System, NullLogger<GuardedPrefixStore>.Instance, new() { TimeoutMs = 2000, Failures = 1000 });

        await _cluster.Nodes[1].KillAsync();
        (await guarded.FindAsync(new(dead, FiveMinutes, []), default)).Outcome.ShouldNotBe(StoreOutcome.Answered);
        (await guarded.FindAsync(new(alive, FiveMinutes, []), default)).Blocks.ShouldBe(7);

        await _cluster.Nodes[1].StartAgainAsync();
        await _cluster.AgreesAsync();
        await Inspect.UntilAsync(() => guarded.FindAsync(new(dead, FiveMinutes, []), default).AsTask().Result.Outcome == StoreOutcome.Answered, "the node is used again");
        (await guarded.FindAsync(new(alive, FiveMinutes, []), default)).Blocks.ShouldBe(7);
    }

    /// <summary>A chain whose tools and system one node has, and whose messages another has.</summary>
    private BlockChain OnNodes(int trunk, int branch) => Chain(NumberOf(trunk, branch), 5, 6, 7);

    private int NumberOf(int trunk, int branch)
        => Enumerable.Range(0, 10_000).First(i => Chain(i, 5, 6, 7) is var c && RedisCluster.OwnerOf(SlotOf(c, trunk: true)) == trunk && RedisCluster.OwnerOf(SlotOf(c, trunk: false)) == branch);

    /// <summary>Four blocks of system, and messages.</summary>
    private static BlockChain Chain(int number, params int[] messages) => new TestChain().Tenant($"tenant {number}").Segment(1, 2, 3, 4).EndSystem().Segment(messages).Build();

    private int SlotOf(BlockChain chain, bool trunk)
        => _admin.HashSlot(new StoreKeys("pc").Page(trunk ? StoreKeys.TrunkTag(chain) : StoreKeys.BranchTag(chain), chain.HashOf(0)));

    private async Task<long> ScriptsAsync()
    {
        var sum = 0L;
        foreach (var node in _cluster.Nodes)
        {
            var stats = (await node.CommandAsync("INFO", "commandstats")).Split("\r\n").Where(l => l.StartsWith("cmdstat_eval", StringComparison.Ordinal));
            sum += stats.Sum(l => long.Parse(l.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture));
        }

        return sum;
    }
}
