using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Testing.Stores;

namespace PromptCache.Redis.Tests;

/// <summary>A Redis that is slow, gone, full or foreign, behind the guard: requests go on, and the store comes back by itself.</summary>
public sealed class RedisFaultTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly BlockChain Chain = TestChain.Long(300);

    [Fact]
    public async Task PausedServer_EachCallCostsItsTimeoutAndThenNothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        await server.PauseAsync();

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
        {
            (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.TimedOut);
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), "three times 100 ms, and a busy machine");
        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Bypassed);
        await guarded.RecordAsync(new(Chain, FiveMinutes, [], 0), default);

        await server.ResumeAsync();
        await ComesBackAsync(guarded, 300);
    }

    [Fact]
    public async Task KilledServer_ComesBackEmptyAndIsUsedAgain()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        await server.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            (await Find(guarded)).Outcome.ShouldBeOneOf(StoreOutcome.Failed, StoreOutcome.TimedOut);
        }

        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Bypassed);
        await server.StartAgainAsync();
        await ComesBackAsync(guarded, 0);
        await WarmAsync(guarded);
    }

    [Fact]
    public async Task ServerThatStartsLater_IsFound()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var store = Inspect.Open(server);
        var guarded = Guard(store);
        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Failed);

        await server.StartAgainAsync();
        await ComesBackAsync(guarded, 0);
    }

    [Fact]
    public async Task FullServerWithoutEviction_RecordsFailQuietly()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        for (var i = 0; i < 400 && guarded.Health.State == StoreState.Serving; i++)
        {
            await guarded.RecordAsync(new(TestChain.Long(1000, first: i * 1000), FiveMinutes, [], 0), default);
        }

        guarded.Health.State.ShouldBe(StoreState.Bypassed);
        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Bypassed);
    }

    [Fact]
    public async Task FullServerWithVolatileTtl_TheNewIsFoundAndTheOldIsGone()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory", "4mb", "--maxmemory-policy", "volatile-ttl");
        await using var store = await Inspect.Open(server).ConnectedAsync();
        for (var i = 0; i < 400; i++)
        {
            await store.RecordAsync(new(Document(i), TimeSpan.FromSeconds(300 + i), [], 0), default);
        }

        // What Redis evicts is a guess from a few samples; the rule shows in the sum.
        (await FoundAsync(350)).ShouldBeGreaterThan(45_000);
        (await FoundAsync(0)).ShouldBeLessThan(15_000);

        static BlockChain Document(int i) => TestChain.Long(1000, first: i * 1000);

        async Task<int> FoundAsync(int first)
        {
            var sum = 0;
            for (var i = first; i < first + 50; i++)
            {
                sum += (await store.FindAsync(new(Document(i), TimeSpan.FromMilliseconds(1), []), default)).Blocks;
            }

            return sum;
        }
    }

    [Fact]
    public async Task PortThatNeverAnswers_FailsAtOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var store = RedisPrefixStore.Create(
            new() { Configuration = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port},connectTimeout=300" }, NullLoggerFactory.Instance, TimeProvider.System);
        var guarded = Guard(store);

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++)
        {
            (await Find(guarded)).Outcome.ShouldNotBe(StoreOutcome.Answered);
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        guarded.Health.State.ShouldBe(StoreState.Bypassed);
    }

    [Fact]
    public async Task WrongPassword_FailsAndSaysNothingOfIt()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "right-password");
        await using var store = Inspect.Open(server, more: ",password=wrong-password");
        var guarded = Guard(store);
        for (var i = 0; i < 4; i++)
        {
            (await Find(guarded)).Outcome.ShouldNotBe(StoreOutcome.Answered);
        }

        guarded.Health.State.ShouldBe(StoreState.Bypassed);
        guarded.Health.LastError.ShouldNotBeNull().ShouldNotContain("password");
    }

    [Fact]
    public async Task RightPassword_Works()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "right-password");
        await using var store = await Inspect.Open(server, more: ",password=right-password").ConnectedAsync();

        await store.RecordAsync(new(Chain, FiveMinutes, [], 0), default);
        (await store.FindAsync(new(Chain, FiveMinutes, []), default)).Blocks.ShouldBe(300);
    }

    private static GuardedPrefixStore Guard(RedisPrefixStore store)
        => new(store, TimeProvider.System, NullLogger<GuardedPrefixStore>.Instance, new() { TimeoutMs = 100, BreakMs = 100 });

    private static ValueTask<PrefixMatch> Find(GuardedPrefixStore store) => store.FindAsync(new(Chain, FiveMinutes, []), default);

    private static async Task WarmAsync(GuardedPrefixStore store)
    {
        PrefixMatch match = PrefixMatch.None;
        for (var i = 0; i < 50 && match.Blocks != 300; i++)
        {
            await store.RecordAsync(new(Chain, FiveMinutes, [], 0), default);
            match = await Find(store);
        }

        match.Blocks.ShouldBe(300);
    }

    private static async Task ComesBackAsync(GuardedPrefixStore store, int blocks)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var match = await Find(store);
        for (var i = 0; i < 1000 && match.Outcome != StoreOutcome.Answered; i++)
        {
            await timer.WaitForNextTickAsync();
            match = await Find(store);
        }

        (match.Outcome, match.Blocks).ShouldBe((StoreOutcome.Answered, blocks));
    }
}
