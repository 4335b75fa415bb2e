using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Testing.Stores;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>When entries become readable, how long they live, and what refreshes them.</summary>
public sealed class ExplicitLifetimeTests
{
    private static readonly string Long = Words(1200, "A long text.");

    [Theory]
    [InlineData("\"5m\"", 5)]
    [InlineData("\"1h\"", 60)]
    public async Task Chat_ReadsRefreshTheTtl_AtNoCost_AndThenItEnds(string ttl, int minutes)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked(ttl)), Message("user", Text("Hello.")));
        await bench.ChatAsync(body);

        foreach (var _ in Enumerable.Range(0, 4))
        {
            bench.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            (await bench.ChatAsync(body)).Buckets().ShouldBe((1204, 0, 0));
        }

        bench.Time.Advance(TimeSpan.FromMinutes(minutes));
        (await bench.ChatAsync(body)).Buckets().Read.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_MixedTtls_EachEntryEndsAtItsOwn()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked("\"1h\"")), Message("user", Text(Words(500, "Five.")).Marked()), Message("user", Text("Go.")));
        await bench.ChatAsync(body);

        bench.Time.Advance(TimeSpan.FromMinutes(5));
        (await bench.ChatAsync(body)).Buckets().ShouldBe((1204, 504, 0));
        bench.Time.Advance(TimeSpan.FromMinutes(60));
        (await bench.ChatAsync(body)).Buckets().ShouldBe((0, 504, 1204));
    }

    [Fact]
    public async Task Chat_ConcurrentColdRequests_AllWrite()
    {
        using var answered = new SemaphoreSlim(0);
        using var arrived = new SemaphoreSlim(0);
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            arrived.Release();
            await answered.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"choices":[],"usage":{"prompt_tokens":2003,"completion_tokens":1}}""", context.RequestAborted);
        });
        // With breakpoints of its own the gateway looks first and forwards then: whoever has arrived upstream has looked.
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store", "Breakpoints": "adaptive" """);
        var body = Body(Message("user", Text(Words(1996, "Long.")).Marked())).ToJsonString();

        Task<ChatFigures>[] cold = [gateway.ChatAsync(body), gateway.ChatAsync(body), gateway.ChatAsync(body)];
        foreach (var _ in cold)
        {
            await arrived.WaitAsync(TestContext.Current.CancellationToken);
        }

        answered.Release(cold.Length + 1);
        foreach (var figures in await Task.WhenAll(cold))
        {
            figures.Buckets().ShouldBe((0, 2000, 0));
        }

        (await gateway.ChatAsync(body)).Buckets().ShouldBe((2000, 0, 0));
    }

    [Fact]
    public async Task Chat_ResponseHasBegun_IsReadableBeforeItEnds()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store" """);
        var body = Streamed(Body(Message("user", Text(Words(1996, "Long.")).Marked()))).ToJsonString();
        using var first = await gateway.SendAsync(body);

        // The first response has begun and never ends. Its prefix is counted beside it, so the next request may be earlier than that.
        var status = "";
        for (var attempt = 0; attempt < 200 && status != "hit"; attempt++)
        {
            using var other = await gateway.SendAsync(Streamed(Body(Message("user", Text(Words(1996, "Long.")).Marked()), Message("user", Text("x")))).ToJsonString());
            status = other.Headers.GetValues("x-promptcache-status").Single();
        }

        status.ShouldBe("hit");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(529)]
    public async Task Chat_Error_RecordsNothing(int status)
    {
        var failing = true;
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = failing ? status : 200;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(failing ? """{"error":{"message":"no"}}""" : """{"choices":[],"usage":{"prompt_tokens":1211,"completion_tokens":1}}""", context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store" """);
        var body = Body(Message("system", Text(Long).Marked()), Message("user", Text("a b c d"))).ToJsonString();

        using (var refused = await gateway.SendAsync(body))
        {
            ((int)refused.StatusCode).ShouldBe(status);
        }

        failing = false;
        (await gateway.ChatAsync(body)).Buckets().Read.ShouldBe(0);
        (await gateway.ChatAsync(body)).Buckets().Read.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Chat_OverRedis_BehavesAlike_AndSharesBetweenGateways()
    {
        await using var redis = await RedisServer.StartAsync();
        var store = $$""" "Store": { "Redis": "{{redis.EndPoint}}", "TimeoutMs": 1000, "Secret": "{{new string('s', 32)}}" } """;
        await using var one = await ExplicitBench.StartAsync(more: store);
        await using var two = await ExplicitBench.StartAsync(more: store);
        await Connected(one);
        await Connected(two);
        JsonObject Ask(string last) => Body(
            Message("system", Text(Long).Marked("\"1h\"")),
            Message("user", Text(Words(500, "Documents.")).Marked()),
            Message("user", Text(last).Marked()));

        (await one.ChatAsync(Ask(Words(100, "First.")))).Buckets().ShouldBe((0, 504 + 104, 1204));
        (await two.ChatAsync(Ask(Words(100, "First.")))).Buckets().ShouldBe((1204 + 504 + 104, 0, 0));
        (await two.ChatAsync(Ask(Words(200, "Second.")))).Buckets().ShouldBe((1204 + 504, 204, 0));
        (await one.ChatAsync(Ask(Words(200, "Second.")))).Buckets().ShouldBe((1204 + 504 + 204, 0, 0));
        (await one.RefusalAsync(Body(Message("user", Text("a").Marked(), Text("b").Marked("\"1h\""))))).Status.ShouldBe(400);
    }

    private static async Task Connected(ExplicitBench bench)
    {
        for (var attempt = 0; attempt < 5000; attempt++)
        {
            // A store that has not connected yet says "unknown"; its breaker is tried by requests on the gateway's clock.
            if ((await bench.ChatAsync(Body(Message("user", Text("Connected?").Marked())))).Source == "store")
            {
                return;
            }

            bench.Time.Advance(TimeSpan.FromSeconds(10));
        }

        throw new InvalidOperationException("The gateway did not connect to Redis.");
    }
}
