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

    [Theory]
    [InlineData("list")]
    [InlineData("short")]
    [InlineData("garbage")]
    [InlineData("cut")]
    public async Task KeysThatSomebodyElseWrote_AreNotKnownAndThenReplaced(string what)
    {
        await using var server = await RedisServer.StartAsync();
        using var admin = await Inspect.ConnectAsync(server);
        await using var store = await Inspect.Open(server).ConnectedAsync();
        await store.RecordAsync(new(Chain, FiveMinutes, [new(300, FiveMinutes)], 0), default);
        var database = admin.GetDatabase();
        foreach (var key in admin.Keys())
        {
            var value = (byte[])database.StringGet(key)!;
            database.KeyDelete(key);
            switch (what)
            {
                case "list":
                    database.ListLeftPush(key, "x");
                    break;
                case "short":
                    database.StringSet(key, "x");
                    break;
                case "garbage":
                    // A head that looks alive, and then nothing that could be read.
                    database.StringSet(key, (byte[])[.. value.Take(11), 0, .. Enumerable.Repeat((byte)0x7f, 50)]);
                    break;
                default:
                    database.StringSet(key, (byte[])[.. value.Take(value.Length - 5)]);
                    break;
            }
        }

        // Whatever is said to be known, it is said without an error, and a record makes it whole.
        await store.FindAsync(new(Chain, FiveMinutes, [300]), default);
        await store.RecordAsync(new(Chain, FiveMinutes, [new(300, FiveMinutes)], 0), default);
        (await store.FindAsync(new(Chain, FiveMinutes, [300]), default)).Describe().ShouldBe("300 blocks, anchors 300, served by ");
    }

    [Fact]
    public async Task Replica_IsNoStoreAndIsOneAgainWhenItIsThePrimary()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        await server.CommandAsync("REPLICAOF", "127.0.0.1", "1");

        // Reads succeed all the while; what matters is that nothing is recorded.
        await BypassedAsync(guarded, store);
        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Bypassed);

        // Until the client knows it for a replica: only then it has to look again.
        await store.LookAgainAsync();
        await server.CommandAsync("REPLICAOF", "NO", "ONE");
        await ServesAsync(guarded, store);
        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Answered);
    }

    [Fact]
    public async Task FullServer_IsBypassedWithoutComingAndGoing()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        await server.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        await BypassedAsync(guarded, store);
        var since = guarded.Health.Since;
        for (var i = 0; i < 3; i++)
        {
            var failed = guarded.Health.Failures;
            await Inspect.UntilAsync(() => Probed(guarded, store) && guarded.Health.Failures > failed, "it was tried again");
        }

        (guarded.Health.State, guarded.Health.Since).ShouldBe((StoreState.Bypassed, since));
        await server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await ServesAsync(guarded, store);
    }

    [Fact]
    public async Task ServerBusyWithSomebodysScript_IsBypassedAndUsedAgain()
    {
        await using var server = await RedisServer.StartAsync("--busy-reply-threshold", "50");
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        var script = server.CommandAsync("EVAL", "while true do end", "0");

        await BypassedAsync(guarded, store);
        // Nothing else is answered but BUSY.
        await server.CommandAsync("SCRIPT", "KILL");
        await Should.ThrowAsync<InvalidOperationException>(script);

        await ServesAsync(guarded, store);
        await ComesBackAsync(guarded, 300);
    }

    [Fact]
    public async Task ClientsPaused_IsBypassedAndUsedAgain()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await Inspect.Open(server).ConnectedAsync();
        var guarded = Guard(store);
        await WarmAsync(guarded);
        await server.CommandAsync("CLIENT", "PAUSE", "600000", "WRITE");

        await BypassedAsync(guarded, store);
        await server.CommandAsync("CLIENT", "UNPAUSE");

        await ServesAsync(guarded, store);
        await ComesBackAsync(guarded, 300);
    }

    [Fact]
    public async Task NameThatDoesNotResolve_FailsAtOnce()
    {
        await using var store = Inspect.Open("no-such-host.invalid:6379,connectTimeout=300");
        var guarded = Guard(store);
        for (var i = 0; i < 3; i++)
        {
            (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Failed);
        }

        (await Find(guarded)).Outcome.ShouldBe(StoreOutcome.Bypassed);
    }

    // As the gateway does every second.
    private static bool Probed(GuardedPrefixStore guarded, RedisPrefixStore store)
    {
        _ = store.LookAgainAsync();
        return guarded.ProbeAsync(store.ProbeAsync, default).Wait(TimeSpan.FromSeconds(20));
    }

    private static Task BypassedAsync(GuardedPrefixStore guarded, RedisPrefixStore store)
        => Inspect.UntilAsync(() => Probed(guarded, store) && guarded.Health.State == StoreState.Bypassed, "the store is left alone");

    private static Task ServesAsync(GuardedPrefixStore guarded, RedisPrefixStore store)
        => Inspect.UntilAsync(() => Probed(guarded, store) && guarded.Health.State == StoreState.Serving, "the store is used again");

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
