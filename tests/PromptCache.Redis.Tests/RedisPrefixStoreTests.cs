using PromptCache.Core.Blocks;
using PromptCache.Testing;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Redis.Tests;

public sealed class RedisPrefixStoreTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _time = new();

    public async ValueTask InitializeAsync() => await redis.Admin.Server().FlushAllDatabasesAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task FindAndRecord_WithoutAClock_TheServersOwnDecides()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();
        var database = redis.Admin.GetDatabase();
        var before = ServerTime();
        await store.RecordAsync(new(TestChain.Long(5), FiveMinutes, [], 0), default);
        var after = ServerTime();

        var key = redis.Admin.Keys().ShouldHaveSingleItem();
        ExpiryOf(key).ShouldBeInRange(before + 300_000, after + 300_000);
        database.KeyTimeToLive(key)!.Value.ShouldBeInRange(FiveMinutes, FiveMinutes * 1.25 + TimeSpan.FromSeconds(2));
        (await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default)).Blocks.ShouldBe(5);

        database.StringSetRange(key, 12, new byte[6]);
        (await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default)).Blocks.ShouldBe(0, "its expiry has passed, though the key is there");

        long ServerTime() => new DateTimeOffset(redis.Admin.Server().Time()).ToUnixTimeMilliseconds();
        long ExpiryOf(RedisKey page) => Convert.ToInt64(Convert.ToHexString((byte[])database.StringGetRange(page, 12, 17)!), 16);
    }

    [Fact]
    public async Task FindAndRecord_TwoGateways_ShareWhatTheyKnow()
    {
        await using var one = await Inspect.Open(redis.Server).ConnectedAsync();
        await using var other = await Inspect.Open(redis.Server).ConnectedAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var chain = TestChain.Of([0, 1, .. Enumerable.Range(i * 100, 70)]);
            await Task.WhenAll(one.RecordAsync(new(chain, FiveMinutes, [], 1), default).AsTask(), other.RecordAsync(new(chain, FiveMinutes, [], 2), default).AsTask());
        }));

        for (var i = 0; i < 50; i++)
        {
            var match = await other.FindAsync(new(TestChain.Of([0, 1, .. Enumerable.Range(i * 100, 80)]), FiveMinutes, []), default);
            match.Blocks.ShouldBe(72);
            match.Destinations.Order().ShouldBe([1u, 2u]);
        }
    }

    [Fact]
    public async Task Find_OneMillionTokens_OneRoundTrip()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();
        var chain = TestChain.Long(8000);
        await store.RecordAsync(new(chain, FiveMinutes, [], 0), default);
        await store.FindAsync(new(chain, FiveMinutes, []), default);
        var before = Scripts();
        (await store.FindAsync(new(chain, FiveMinutes, [100, 8000]), default)).Blocks.ShouldBe(8000);

        (Scripts() - before).ShouldBe(1);

        long Scripts() => redis.Admin.Server().Info("commandstats").SelectMany(g => g).Where(p => p.Key is "cmdstat_evalsha" or "cmdstat_eval")
            .Sum(p => long.Parse(p.Value.Split(',')[0]["calls=".Length..]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(11)]
    public async Task Find_AnyByteOfTheLastIdDiffers_IsNotCounted(int at)
    {
        await using var store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
        await store.RecordAsync(new(TestChain.Long(5), FiveMinutes, [], 0), default);
        var key = redis.Admin.Keys().ShouldHaveSingleItem();
        byte[] page = redis.Admin.GetDatabase().StringGet(key)!;
        page[page.Length - StoreKeys.IdBytes + at] ^= 1;
        redis.Admin.GetDatabase().StringSetRange(key, 0, page);

        (await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default)).Blocks.ShouldBeLessThan(5);
        (await store.FindAsync(new(TestChain.Long(4), FiveMinutes, []), default)).Blocks.ShouldBe(4);
    }

    [Fact]
    public async Task Find_AfterScriptFlush_StillAnswers()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();
        await store.RecordAsync(new(TestChain.Long(5), FiveMinutes, [], 0), default);
        await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default);
        redis.Admin.Server().ScriptFlush();

        (await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default)).Blocks.ShouldBe(5);
        await store.RecordAsync(new(TestChain.Long(6), FiveMinutes, [], 0), default);
        (await store.FindAsync(new(TestChain.Long(6), FiveMinutes, []), default)).Blocks.ShouldBe(6);
    }

    [Fact]
    public async Task Find_AfterFlushAll_NoneAndThenAsNew()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();
        await store.RecordAsync(new(TestChain.Long(200), FiveMinutes, [], 0), default);
        await redis.Admin.Server().FlushAllDatabasesAsync();

        (await store.FindAsync(new(TestChain.Long(200), FiveMinutes, []), default)).Blocks.ShouldBe(0);
        await store.RecordAsync(new(TestChain.Long(200), FiveMinutes, [], 0), default);
        (await store.FindAsync(new(TestChain.Long(200), FiveMinutes, []), default)).Blocks.ShouldBe(200);
    }

    [Fact]
    public async Task Find_AnAncestorWasEvicted_TheDeeperPageProvesIt()
    {
        await using var store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
        await store.RecordAsync(new(TestChain.Long(500), FiveMinutes, [], 0), default);
        var random = new Random(3);
        foreach (var key in redis.Admin.Keys().OrderBy(_ => random.Next()).ToArray())
        {
            redis.Admin.GetDatabase().KeyDelete(key);
            var found = (await store.FindAsync(new(TestChain.Long(500), FiveMinutes, []), default)).Blocks;
            found.ShouldBeOneOf(500, 392, 264, 136, 8, 0);
            await store.FindAsync(new(TestChain.Of([.. Enumerable.Range(0, 300), -1]), FiveMinutes, []), default);
        }
    }

    [Fact]
    public async Task Find_APageWasEvictedAndASiblingTookItsPlace_TheSiblingIsNotKeptAlive()
    {
        await using var store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
        var one = TestChain.Long(500);
        var sibling = TestChain.Of([.. Enumerable.Range(0, 51), .. Enumerable.Range(9000, 200)]);
        await store.RecordAsync(new(one, FiveMinutes, [], 0), default);
        redis.Admin.GetDatabase().KeyDelete(new StoreKeys("pc").Page(StoreKeys.BranchTag(one), one.HashOf(8))).ShouldBeTrue();
        await store.RecordAsync(new(sibling, FiveMinutes, [], 0), default);
        _time.Advance(TimeSpan.FromMinutes(3));
        (await store.FindAsync(new(one, FiveMinutes, []), default)).Blocks.ShouldBe(500);
        _time.Advance(TimeSpan.FromMinutes(2));

        (await store.FindAsync(new(sibling, FiveMinutes, []), default)).Blocks.ShouldBe(51);
    }

    [Fact]
    public async Task Record_MoreSiblingsThanAPageHolds_ThePageIsBoundedAndLongerPromptsAreFound()
    {
        await using var store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
        static BlockChain Sibling(int i) => TestChain.Of([.. Enumerable.Range(0, 10), .. Enumerable.Range(1000 * (i + 1), 150)]);
        for (var i = 0; i < 260; i++)
        {
            await store.RecordAsync(new(Sibling(i), FiveMinutes, [], 0), default);
        }

        redis.Admin.Keys().Max(k => redis.Admin.GetDatabase().StringLength(k)).ShouldBeInRange(200_000, 262_144);
        for (var i = 0; i < 260; i++)
        {
            (await store.FindAsync(new(Sibling(i), FiveMinutes, []), default)).Blocks.ShouldBe(160);
        }

        _time.Advance(FiveMinutes);
        await store.RecordAsync(new(Sibling(999), FiveMinutes, [], 0), default);
        redis.Admin.Keys().Max(k => redis.Admin.GetDatabase().StringLength(k)).ShouldBeLessThan(10_000, "expired siblings leave");
    }

    [Fact]
    public async Task Record_AConversationThatGrows_StaysCompact()
    {
        await using var store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
        for (var blocks = 2; blocks <= 120; blocks += 2)
        {
            await store.FindAsync(new(TestChain.Long(blocks), FiveMinutes, []), default);
            await store.RecordAsync(new(TestChain.Long(blocks), FiveMinutes, [], 7), default);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        redis.Admin.Keys().Sum(k => redis.Admin.GetDatabase().StringLength(k)).ShouldBe(2 * (10 + 32) + (118 * 12), "one run in each of the two pages");
    }

    [Fact]
    public async Task FindAndRecord_OnACluster_TheHalvesOfAChainLiveInSlotsOfTheirOwn()
    {
        await using var server = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", RedisServer.FreePort().ToString(global::System.Globalization.CultureInfo.InvariantCulture));
        using var admin = await Inspect.ConnectAsync(server);
        await admin.GetDatabase().ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Inspect.UntilAsync(() => admin.GetDatabase().Execute("CLUSTER", "INFO").ToString()!.Contains("cluster_state:ok", StringComparison.Ordinal), "the cluster has all slots");
        await using var store = await Inspect.Open(server, _time).ConnectedAsync();
        static TestChain System() => new TestChain().Segment([.. Enumerable.Range(0, 40)]).EndTools().Segment([.. Enumerable.Range(50, 40)]).EndSystem();
        var chain = System().Segment(1, 2, 3).Segment(4).Build();

        await store.RecordAsync(new(chain, FiveMinutes, [new(80, FiveMinutes), new(83, FiveMinutes)], 5), default);

        var match = await store.FindAsync(new(System().Segment(1, 2, 3).Segment(9).Build(), FiveMinutes, [40, 80, 83]), default);
        match.Describe().ShouldBe("83 blocks, anchors 80 83, served by 5");
        (await store.FindAsync(new(System().Segment(7).Build(), FiveMinutes, []), default)).Blocks.ShouldBe(80);
        admin.Keys().Select(k => admin.HashSlot(k)).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Find_CallerThatDoesNotComeBack_HoldsNobodyUp()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();
        using var done = new ManualResetEventSlim();
        var blocking = Task.Run(async () =>
        {
            await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default);
            return done.Wait(TimeSpan.FromSeconds(20));
        });
        for (var i = 0; i < 20; i++)
        {
            await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default);
        }

        done.Set();
        (await blocking).ShouldBeTrue();
    }

    [Fact]
    public async Task Probe_RunningServer_Succeeds()
    {
        await using var store = await Inspect.Open(redis.Server).ConnectedAsync();

        await store.ProbeAsync();
    }

    [Fact]
    public void Create_UnreadableConfiguration_Refused()
        => Should.Throw<ArgumentException>(() => RedisPrefixStore.Create(new() { Configuration = "host:1,nonsense=1" }, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System));
}
