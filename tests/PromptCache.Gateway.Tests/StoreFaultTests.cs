using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing.Stores;

namespace PromptCache.Gateway.Tests;

/// <summary>A store that is slow, stopped, paused or black-holed never breaks a request and hardly delays one.</summary>
public sealed class StoreFaultTests
{
    private static readonly string Body = Bodies.Chat(("system", "You are a helpful assistant."), ("user", "Hello."));

    [Fact]
    public async Task Chat_RedisNeverReachable_EveryRequestIsServedAndSaysUnknown()
    {
        using var logs = new CapturedLogs();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endPoint = listener.LocalEndpoint.ToString()!;
        listener.Stop();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(endPoint, upstream.BaseUrl, logs);

        await ServedWithoutStoreAsync(gateway);

        var (status, ready) = await gateway.ReadyAsync();
        status.ShouldBe(HttpStatusCode.OK);
        ready.GetProperty("store").GetProperty("state").GetString().ShouldBe("down");
        logs.Of("StoreBypassed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Chat_RedisIsABlackHole_EveryRequestIsServedAndSaysUnknown()
    {
        using var logs = new CapturedLogs();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();   // connects, and never answers
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(listener.LocalEndpoint.ToString()!, upstream.BaseUrl, logs);

        await ServedWithoutStoreAsync(gateway);

        (await gateway.ReadyAsync()).Status.ShouldBe(HttpStatusCode.OK);
        logs.Of("StoreBypassed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Chat_RedisPausedAndResumed_IsBypassedAndThenUsedAgain()
    {
        using var logs = new CapturedLogs();
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(redis.EndPoint, upstream.BaseUrl, logs);
        await HitAsync(gateway);

        await redis.PauseAsync();
        try
        {
            await ServedWithoutStoreAsync(gateway, known: true);
            await gateway.StoreIsAsync("bypassed");
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await gateway.StoreIsAsync("serving", seconds: 5);
        await HitAsync(gateway);
        logs.Of("StoreBypassed").Length.ShouldBe(1);
        logs.Of("StoreRestored").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Chat_RedisKilledAndStartedAgain_IsUsedAgainWithin5Seconds()
    {
        using var logs = new CapturedLogs();
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(redis.EndPoint, upstream.BaseUrl, logs);
        await HitAsync(gateway);

        await redis.KillAsync();
        await ServedWithoutStoreAsync(gateway, known: true);
        await redis.StartAgainAsync();

        await gateway.StoreIsAsync("serving", seconds: 5);
        await HitAsync(gateway);
        logs.Of("StoreBypassed").Length.ShouldBe(1);
        logs.Of("RedisDisconnected").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Chat_RedisMadeAReplica_IsBypassedAndToldAndUsedAgain()
    {
        using var logs = new CapturedLogs();
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(redis.EndPoint, upstream.BaseUrl, logs, timeoutMs: 2000);
        await HitAsync(gateway);

        // It answers every question, and takes nothing.
        await redis.CommandAsync("REPLICAOF", "127.0.0.1", "1");
        await gateway.StoreIsAsync("bypassed");
        await ServedWithoutStoreAsync(gateway);

        await redis.CommandAsync("REPLICAOF", "NO", "ONE");
        await gateway.StoreIsAsync("serving");
        await HitAsync(gateway);
        (logs.Of("StoreBypassed").Length, logs.Of("StoreRestored").Length).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Readyz_RedisLostWhileNobodyAsks_TellsSo()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var gateway = await StartAsync(redis.EndPoint, "http://127.0.0.1:9", logs: null);
        await gateway.StoreIsAsync("serving");

        await redis.PauseAsync();
        try
        {
            await gateway.StoreIsAsync("bypassed");
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await gateway.StoreIsAsync("serving", seconds: 5);
    }

    [Fact]
    public async Task Stream_RedisPaused_FirstTokenIsNotHeld()
    {
        await using var redis = await RedisServer.StartAsync();
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await StartAsync(redis.EndPoint, upstream.BaseUrl, logs: null, timeoutMs: 5000);
        await gateway.StoreIsAsync("serving");

        await redis.PauseAsync();
        try
        {
            var clock = Stopwatch.StartNew();
            pieces.Writer.TryWrite(Streams.Text("first"));
            using var response = await gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", "Hello.")));
            await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await stream.ReadUntilAsync("first");

            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));   // the store has 5 s to answer
            response.Headers.GetValues("x-promptcache-status").ShouldBe(["unknown"]);
        }
        finally
        {
            await redis.ResumeAsync();
        }

        pieces.Writer.Finish();
    }

    // In one row, so that no answer is remembered: every prompt is another one.
    private static async Task ServedWithoutStoreAsync(TestGateway gateway, bool known = false)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            var figures = await gateway.ChatAsync(Bodies.Chat(("system", $"You are assistant number {i}."), ("user", known ? "Hello again." : "Hello.")));
            (figures.Status, figures.Source, figures.Cached).ShouldBe(("unknown", "unknown", 0), $"request {i}");
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    private static async Task HitAsync(TestGateway gateway)
    {
        await gateway.StoreIsAsync("serving");
        await Eventually.Async(async () => (await gateway.ChatAsync(Body)).Cached > 0, "the prompt is known");
    }

    private static Task<TestGateway> StartAsync(string endPoint, string upstream, CapturedLogs? logs, int timeoutMs = 25)
        => TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Store": { "Redis": "{{endPoint}}", "Secret": "0123456789abcdef0123456789abcdef", "TimeoutMs": {{timeoutMs}} },
                "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{upstream}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }
            """, logs: logs);
}
