using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Gateway.Tests;

/// <summary>Gateways that share one real Redis.</summary>
public sealed class RedisTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Marker = "zebra-quartz-parcel";
    private const string Key = "sk-very-private-key-of-a-client";

    private static readonly string Body = Bodies.Chat(("system", Bodies.Text(600, "You sell tents. " + Marker)), ("user", "Hello."));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_RecordedThroughOneGateway_IsAHitThroughTheOtherAtOnce(bool stream)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var a = await StartAsync(redis, upstream);
        await using var b = await StartAsync(redis, upstream);

        for (var i = 0; i < 10; i++)
        {
            var body = Bodies.Chat("electron", stream, ("system", Bodies.Text(300, $"Prompt number {i}.")), ("user", "Hello."));
            var first = await a.ChatAsync(body);
            var second = await b.ChatAsync(body);

            (first.Cached, first.Source).ShouldBe((0, "store"));
            second.Cached.ShouldNotBeNull().ShouldBeGreaterThan(300);
            second.Source.ShouldBe("store");
        }
    }

    [Fact]
    public async Task Chat_OtherSecretOrOtherTenant_SharesNothing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var a = await StartAsync(redis, upstream);
        await using var b = await StartAsync(redis, upstream);
        await using var other = await StartAsync(redis, upstream, secret: "ffffffffffffffffffffffffffffffff");

        await a.ChatAsync(Body, Key);

        (await other.ChatAsync(Body, Key)).Cached.ShouldBe(0);
        (await b.ChatAsync(Body, "another key")).Cached.ShouldBe(0);
        (await b.ChatAsync(Body)).Cached.ShouldBe(0);
        (await b.ChatAsync(Body, Key)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(600);
    }

    [Fact]
    public async Task Chat_ScriptsFlushed_NothingIsNoticed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var a = await StartAsync(redis, upstream);
        await using var b = await StartAsync(redis, upstream);
        using var direct = await ConnectAsync(redis);

        await a.ChatAsync(Body);
        await direct.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        var found = await b.ChatAsync(Body);
        await direct.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        var other = Bodies.Chat(("system", Bodies.Text(600, "You sell boats.")), ("user", "Hello."));
        await a.ChatAsync(other);

        found.Cached.ShouldNotBeNull().ShouldBeGreaterThan(600);
        (await b.ChatAsync(other)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(600);
    }

    [Fact]
    public async Task Chat_AllFlushed_MissesAndRecordsAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var a = await StartAsync(redis, upstream);
        await using var b = await StartAsync(redis, upstream);
        using var direct = await ConnectAsync(redis);

        await a.ChatAsync(Body);
        await direct.GetDatabase().ExecuteAsync("FLUSHALL");

        var missed = await b.ChatAsync(Body);
        (missed.Cached, missed.Source).ShouldBe((0, "store"));
        await using var c = await StartAsync(redis, upstream);
        (await c.ChatAsync(Body)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(600);
    }

    [Fact]
    public async Task Redis_Dumped_HoldsNoTextAndNoKeyAndNoKeyWithoutATtl()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(redis, upstream);
        using var direct = await ConnectAsync(redis);

        await gateway.ChatAsync(Body, Key);

        var database = direct.GetDatabase();
        var keys = direct.GetServer(redis.EndPoint).Keys(pattern: "*").ToArray();
        keys.ShouldNotBeEmpty();
        foreach (var key in keys)
        {
            (await database.KeyTypeAsync(key)).ShouldBe(RedisType.String);
            (await database.KeyTimeToLiveAsync(key)).ShouldNotBeNull();
            var everything = Encoding.Latin1.GetString([.. (byte[])key!, .. (byte[])(await database.StringGetAsync(key))!]);
            foreach (var secret in (string[])[Marker, "tents", "Hello", Key, "very-private", Secret, "electron", "sim"])
            {
                everything.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{secret} in {everything}");
            }
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(RedisServer redis) => ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true");

    // A generous timeout: what is tested here is what gateways share, not how fast this machine is.
    private static async Task<TestGateway> StartAsync(RedisServer redis, SimulatorHost upstream, string secret = Secret)
    {
        var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: $$""" "Store": { "Redis": "{{redis.EndPoint}}", "Secret": "{{secret}}", "TimeoutMs": 2000 } """);
        await gateway.StoreIsAsync("serving");
        return gateway;
    }
}
