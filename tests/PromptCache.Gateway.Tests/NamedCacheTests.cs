using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Pipeline;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;
using PromptCache.Testing.Stores;

namespace PromptCache.Gateway.Tests;

/// <summary>Gemini's named caches where it costs money: who creates one, who may use it, what is paid, and what happens when the provider will not.</summary>
public sealed class NamedCacheTests
{
    private const string Created = """{"name":"cachedContents/one","model":"models/gemini-2.5-flash","usageMetadata":{"totalTokenCount":2500}}""";
    private const string TooSmall = """{"error":{"code":400,"message":"Cached content is too small. total_token_count=1000, min_total_token_count=2048","status":"INVALID_ARGUMENT"}}""";
    private static readonly string Book = Bodies.Text(3000, "The fall of the Roman Empire.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_Creation_IsPaidOnceByTheProvidersOwnCount(bool stream)
    {
        await using var upstream = await StartAsync(_ => (200, Created));
        await using var gateway = await InFrontOfAsync(upstream);

        var first = await gateway.ChatAsync(Chat("Who?", stream));
        await IdleAsync(gateway);
        var second = await gateway.ChatAsync(Chat("When?", stream));

        // 2,500 tokens at a dollar per million and hour, for five minutes.
        WriteCost(first).ShouldBe(decimal.Round(2500m * 300 / 3600 / 1_000_000, 12), 0.000000000001m);
        first.Total.ShouldBe(Cost(first, "prompt_cost") + Cost(first, "completion_cost"));
        WriteCost(second).ShouldBe(0);
    }

    [Theory]
    [InlineData(400, TooSmall)]
    [InlineData(403, """{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}""")]
    public async Task Chat_CreationRefused_CostsNothingAndIsNotTriedAgainForALifetime(int status, string answer)
    {
        var time = new ManualTimeProvider();
        await using var upstream = await StartAsync(_ => (status, answer));
        await using var gateway = await InFrontOfAsync(upstream, time);

        WriteCost(await gateway.ChatAsync(Chat("Who?"))).ShouldBe(0);
        await IdleAsync(gateway);
        time.Advance(TimeSpan.FromMinutes(4));
        WriteCost(await gateway.ChatAsync(Chat("Who?"))).ShouldBe(0);
        await IdleAsync(gateway);
        Creations(upstream).ShouldBe(1);

        time.Advance(TimeSpan.FromMinutes(2));
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);
        Creations(upstream).ShouldBe(2);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Chat_CreationFailsForNow_CostsNothingAndIsTriedAgainAfterAMinute(int status)
    {
        var time = new ManualTimeProvider();
        await using var upstream = await StartAsync(_ => (status, "{}"));
        await using var gateway = await InFrontOfAsync(upstream, time);

        for (var i = 0; i < 2; i++)
        {
            WriteCost(await gateway.ChatAsync(Chat("Who?"))).ShouldBe(0);
            await IdleAsync(gateway);
            time.Advance(TimeSpan.FromSeconds(29));
        }

        Creations(upstream).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(3));
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);
        Creations(upstream).ShouldBe(2);
    }

    [Fact]
    public async Task Chat_CreationTakesLong_TheFiguresWaitAWhileAndALaterFailureIsTold()
    {
        var time = new ManualTimeProvider();
        var hold = new TaskCompletionSource();
        await using var upstream = await StartAsync(_ => (500, "{}"), hold.Task);
        var logs = new CapturedLogs();
        await using var gateway = await InFrontOfAsync(upstream, time, logs);

        var answer = gateway.ChatAsync(Chat("Who?"));
        await Eventually.Is(() => Creations(upstream) == 1, "a creation");
        await Eventually.Is(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                return answer.IsCompleted;
            },
            "an answer");

        WriteCost(await answer).ShouldBeGreaterThan(0);
        logs.Of("StorageBookedInVain").ShouldBeEmpty();
        hold.SetResult();
        await IdleAsync(gateway);
        logs.Of("StorageBookedInVain").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Chat_CacheVanishedUnderMany_OneCreatesTheNext()
    {
        await using var upstream = await SimulateAsync();
        await using var gateway = await StartGatewayAsync(upstream.BaseUrl, "secret");
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);
        upstream.Clear();

        var figures = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => gateway.ChatAsync(Chat($"Question {i}?"))));
        await IdleAsync(gateway);

        figures.ShouldAllBe(f => f.Completion > 0);
        Creations(upstream).ShouldBe(1);
        figures.Count(f => WriteCost(f) > 0).ShouldBe(1);
    }

    [Theory]
    [InlineData(403, "CachedContent not found (or permission denied)", "PERMISSION_DENIED")]
    [InlineData(404, "CachedContent not found", "NOT_FOUND")]
    [InlineData(400, "Cache content 1 is expired.", "INVALID_ARGUMENT")]
    public async Task Chat_CacheOfNoUse_TheSameCallGoesOutWhole(int status, string message, string word)
    {
        await using var upstream = await StartAsync(_ => (200, Created), onTop: (status, $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","status":"{{{word}}}"}}"""));
        await using var gateway = await InFrontOfAsync(upstream);
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);

        var figures = await gateway.ChatAsync(Chat("When?"));
        await IdleAsync(gateway);

        figures.Prompt.ShouldBe(3050);
        Creations(upstream).ShouldBe(2);
    }

    // Whatever Gemini has against the request on top of the cache: the cache is there and paid for, so no second one is made while it lives.
    [Fact]
    public async Task Chat_CacheCannotBeUsed_NoSecondOneIsPaidForWhileItLives()
    {
        var time = new ManualTimeProvider();
        await using var upstream = await StartAsync(_ => (200, Created), onTop: (400, """{"error":{"code":400,"message":"something else","status":"INVALID_ARGUMENT"}}"""));
        await using var gateway = await InFrontOfAsync(upstream, time);
        for (var i = 0; i < 4; i++)
        {
            await gateway.ChatAsync(Chat("Who?"));
            await IdleAsync(gateway);
            time.Advance(TimeSpan.FromSeconds(70));
        }

        Creations(upstream).ShouldBe(1);
        upstream.Requests.Count(r => Encoding.UTF8.GetString(r.Body).Contains("\"cachedContent\"", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_OnTopOfACache_RepeatsNothingThatIsFrozenInIt()
    {
        await using var upstream = await StartAsync(_ => (200, Created));
        await using var gateway = await InFrontOfAsync(upstream);
        var body = new JsonObject
        {
            ["model"] = "gemini-2.5-flash",
            ["tools"] = JsonNode.Parse("""[{"type":"function","function":{"name":"look_up","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}]"""),
            ["tool_choice"] = "auto",
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "system", ["content"] = new JsonArray(Part(Book, """{"type":"ephemeral"}""")) },
                new JsonObject { ["role"] = "user", ["content"] = "Who?" }),
            ["temperature"] = 0.5,
        }.ToJsonString();
        await gateway.ChatAsync(body);
        await IdleAsync(gateway);

        await gateway.ChatAsync(body);

        var creation = Sent(upstream.Requests.Single(r => r.Path.EndsWith("cachedContents", StringComparison.Ordinal)).Body);
        creation.Select(m => m.Key).ShouldBe(["model", "tools", "systemInstruction", "toolConfig", "ttl"]);
        Sent(upstream.Requests[^1].Body).ToJsonString().ShouldBe("""{"cachedContent":"cachedContents/one","contents":[{"role":"user","parts":[{"text":"Who?"}]}],"generationConfig":{"temperature":0.5}}""");
    }

    [Fact]
    public async Task Chat_TwoTenants_EachHasItsOwn()
    {
        await using var upstream = await SimulateAsync();
        await using var gateway = await StartGatewayAsync(upstream.BaseUrl, "secret");

        await gateway.ChatAsync(Chat("Who?"), "one");
        await IdleAsync(gateway);
        var other = await gateway.ChatAsync(Chat("Who?"), "other");
        await IdleAsync(gateway);

        WriteCost(other).ShouldBeGreaterThan(0);
        Creations(upstream).ShouldBe(2);
    }

    [Fact]
    public async Task Chat_AnotherKeyOnTheSameStore_MakesItsOwnAndLeavesTheFirst()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulateAsync();
        await using var one = await StartGatewayAsync(upstream.BaseUrl, "project-one", redis);
        await using var other = await StartGatewayAsync(upstream.BaseUrl, "project-two", redis);

        foreach (var gateway in (TestGateway[])[one, other, one, other])
        {
            await gateway.ChatAsync(Chat("Who?"));
            await IdleAsync(gateway);
        }

        // Two creations; nobody was refused on top of the other's.
        upstream.Requests.Count.ShouldBe(6);
        Creations(upstream).ShouldBe(2);
        (await one.ChatAsync(Chat("Where?"))).Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
    }

    [Fact]
    public async Task Chat_TwoGatewaysAtOnce_OneCreatesAndOnePays()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulateAsync();
        await using var one = await StartGatewayAsync(upstream.BaseUrl, "secret", redis);
        await using var other = await StartGatewayAsync(upstream.BaseUrl, "secret", redis);

        var figures = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? one : other).ChatAsync(Chat("Who?"))));
        await IdleAsync(one);
        await IdleAsync(other);

        Creations(upstream).ShouldBe(1);
        figures.Count(f => WriteCost(f) > 0).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_GatewayRestarted_TheNameIsInTheStore()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await SimulateAsync();
        await using (var before = await StartGatewayAsync(upstream.BaseUrl, "secret", redis))
        {
            await before.ChatAsync(Chat("Who?"));
            await IdleAsync(before);
        }

        await using var after = await StartGatewayAsync(upstream.BaseUrl, "secret", redis);
        var figures = await after.ChatAsync(Chat("When?"));

        figures.Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
        WriteCost(figures).ShouldBe(0);
        Creations(upstream).ShouldBe(1);
    }

    private static Task<SimulatorHost> SimulateAsync()
        => SimulatorHost.StartAsync(new() { CompletionTokens = 8, RecordRequests = 64 }, null, TestContext.Current.CancellationToken);

    private static Task<ScriptedUpstream> StartAsync(Func<int, (int Status, string Body)> create, Task? hold = null, (int Status, string Body)? onTop = null)
    {
        var creations = 0;
        return ScriptedUpstream.StartAsync(async (context, body) =>
        {
            var path = context.Request.Path.Value!;
            var (status, json) = path.EndsWith("cachedContents", StringComparison.Ordinal) ? create(creations++)
                : onTop is { } refusal && Encoding.UTF8.GetString(body).Contains("\"cachedContent\"", StringComparison.Ordinal) ? refusal
                : (200, Answer);
            if (hold is not null && path.EndsWith("cachedContents", StringComparison.Ordinal))
            {
                await hold;
            }

            var isStream = path.EndsWith("streamGenerateContent", StringComparison.Ordinal) && status == 200;
            context.Response.StatusCode = status;
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(isStream ? $"data: {json}\n\n" : json, context.RequestAborted);
        });
    }

    private static Task<TestGateway> InFrontOfAsync(ScriptedUpstream upstream, TimeProvider? time = null, CapturedLogs? logs = null)
        => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{upstream.BaseUrl[..^"/v1".Length]}}", "ApiKey": "secret" } }, "DefaultProvider": "gemini" } }""", time ?? new ManualTimeProvider(), logs);

    private static async Task<TestGateway> StartGatewayAsync(string baseUrl, string key, RedisServer? redis = null)
    {
        var store = redis is null ? "" : $$""", "Store": { "Redis": "{{redis.EndPoint}}", "TimeoutMs": 1000, "Secret": "0123456789abcdef0123456789abcdef" }""";
        var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{baseUrl}}", "ApiKey": "{{key}}" } }, "DefaultProvider": "gemini"{{store}} } }""");
        if (gateway.Services.GetRequiredService<PrefixEngineSource>().Store.Redis is { } connection)
        {
            await Eventually.Is(() => connection.IsConnected, "Redis is connected");
        }

        return gateway;
    }

    private static Task IdleAsync(TestGateway gateway) => gateway.Services.GetRequiredService<ExplicitCaches>().IdleAsync();

    private static int Creations(SimulatorHost upstream) => upstream.Requests.Count(r => r.Method == "POST" && r.Path == "/v1beta/cachedContents");

    private static int Creations(ScriptedUpstream upstream) => upstream.Requests.Count(r => r.Path == "/v1beta/cachedContents");

    private static JsonObject Sent(byte[] body) => JsonNode.Parse(body)!.AsObject();

    private static decimal WriteCost(ChatFigures figures) => Cost(figures, "prompt_cache_write_cost") ?? 0;

    private static decimal? Cost(ChatFigures figures, string name)
        => figures.Cost!.Value.TryGetProperty(name, out var cost) && cost.ValueKind == System.Text.Json.JsonValueKind.Number ? cost.GetDecimal() : null;

    private const string Answer = """{"candidates":[{"content":{"parts":[{"text":"Nobody."}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3050,"candidatesTokenCount":3,"totalTokenCount":3053}}""";

    private static string Chat(string question, bool stream = false)
    {
        var body = new JsonObject
        {
            ["model"] = "gemini-2.5-flash",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Part(Book, """{"type":"ephemeral"}"""), Part(question, null)) }),
        };
        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body.ToJsonString();
    }

    private static JsonObject Part(string text, string? marker)
    {
        var part = new JsonObject { ["type"] = "text", ["text"] = text };
        if (marker is not null)
        {
            part["cache_control"] = JsonNode.Parse(marker);
        }

        return part;
    }
}
