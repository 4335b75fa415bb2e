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

/// <summary>Gemini behind the gateway: its implicit cache, and the named caches that markers create.</summary>
public sealed class GeminiTests
{
    private static readonly string Book = Bodies.Text(3000, "The fall of the Roman Empire.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_WithoutMarkers_ShowsTheProvidersImplicitCache(bool stream)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);

        var first = await gateway.ChatAsync(Chat("Who?", stream, marker: null));
        var second = await gateway.ChatAsync(Chat("Who?", stream, marker: null));

        first.Cached.ShouldBe(0);
        first.Source.ShouldBe("provider");
        second.Cached.ShouldNotBeNull().ShouldBeGreaterThan(2048);
        second.Source.ShouldBe("provider");
        Creations(upstream).ShouldBe(0);
    }

    [Theory]
    [InlineData(false, "{\"type\":\"ephemeral\"}", "300s", 300)]
    [InlineData(true, "{\"type\":\"ephemeral\",\"ttl\":3600}", "3600s", 3600)]
    [InlineData(false, "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}", "3600s", 3600)]
    public async Task Chat_Marker_CreatesACacheOnceAndUsesItByName(bool stream, string marker, string ttl, int seconds)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);

        var first = await gateway.ChatAsync(Chat("Who?", stream, marker));
        await IdleAsync(gateway);
        var second = await gateway.ChatAsync(Chat("When?", stream, marker));

        var requests = upstream.Requests;
        var (whole, creation, onTop) = (Body(requests[0]), Body(requests[1]), Body(requests[2]));
        requests[1].Path.ShouldBe("/v1beta/cachedContents");
        whole["cachedContent"].ShouldBeNull();
        whole["contents"]![0]!["parts"]!.AsArray().Count.ShouldBe(3);
        creation["ttl"]!.GetValue<string>().ShouldBe(ttl);
        creation["model"]!.GetValue<string>().ShouldBe("models/gemini-2.5-flash");
        creation["contents"]![0]!["parts"]!.AsArray().Count.ShouldBe(2);
        onTop["cachedContent"]!.GetValue<string>().ShouldStartWith("cachedContents/");
        onTop["contents"]!.ToJsonString().ShouldBe("""[{"role":"user","parts":[{"text":"When?"}]}]""");

        first.Cached.ShouldBe(0);
        second.Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
        second.Prompt.ShouldBeGreaterThan(second.Cached.Value);
        Cost(second, "prompt_cache_read_cost").ShouldBe(second.Cached.Value * 0.03m / 1_000_000m);

        // Stored: the book and the words before it, at a dollar per million tokens and hour.
        Cost(first, "prompt_cache_write_cost").ShouldNotBeNull().ShouldBeInRange(2900m * seconds / 3600m / 1_000_000m, 3100m * seconds / 3600m / 1_000_000m);
        first.Total.ShouldBe(Cost(first, "prompt_cost") + Cost(first, "completion_cost"));
        (Cost(second, "prompt_cache_write_cost") ?? 0m).ShouldBe(0m);
        Creations(upstream).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_OnlyTheLastMarkerCounts()
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);
        var body = Marked("""{"type":"ephemeral"}""", Book, Bodies.Text(500, "A second book."), "Which?");

        await gateway.ChatAsync(body);
        await IdleAsync(gateway);

        Body(upstream.Requests[1])["contents"]![0]!["parts"]!.AsArray().Count.ShouldBe(2);
        Creations(upstream).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_PrefixBelowTheMinimum_CreatesNothing()
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Marked("""{"type":"ephemeral"}""", Bodies.Text(900, "A leaflet."), "Who?"));
        await IdleAsync(gateway);

        Creations(upstream).ShouldBe(0);
    }

    [Fact]
    public async Task Chat_SeveralAtOnce_OneCreates()
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => gateway.ChatAsync(Chat($"Question {i}?"))));
        await IdleAsync(gateway);

        Creations(upstream).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_UsedInTheSecondHalfOfItsLife_IsRenewed()
    {
        var time = new ManualTimeProvider();
        await using var upstream = await StartAsync(time);
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl, time);
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);

        time.Advance(TimeSpan.FromMinutes(2));
        await gateway.ChatAsync(Chat("When?"));
        await IdleAsync(gateway);
        upstream.Requests.ShouldNotContain(r => r.Method == "PATCH");

        time.Advance(TimeSpan.FromMinutes(1));
        var renewing = await gateway.ChatAsync(Chat("Where?"));
        await IdleAsync(gateway);
        Body(upstream.Requests.Single(r => r.Method == "PATCH")).ToJsonString().ShouldBe("""{"ttl":"300s"}""");
        Cost(renewing, "prompt_cache_write_cost").ShouldNotBeNull().ShouldBeInRange(2900m * 180m / 3600m / 1_000_000m, 3100m * 180m / 3600m / 1_000_000m);

        time.Advance(TimeSpan.FromMinutes(4));
        (await gateway.ChatAsync(Chat("Why?"))).Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
        Creations(upstream).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_AfterItsLife_IsSentWholeAndCreatedAgain()
    {
        var time = new ManualTimeProvider();
        await using var upstream = await StartAsync(time);
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl, time);
        await gateway.ChatAsync(Chat("Who?"));
        await IdleAsync(gateway);

        time.Advance(TimeSpan.FromMinutes(6));
        await gateway.ChatAsync(Chat("When?"));
        await IdleAsync(gateway);

        Body(upstream.Requests[2])["cachedContent"].ShouldBeNull();
        Creations(upstream).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_CacheVanished_TheSameRequestGoesOutWhole(bool stream)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await InFrontOfAsync(upstream.BaseUrl);
        await gateway.ChatAsync(Chat("Who?", stream));
        await IdleAsync(gateway);
        upstream.Clear();

        var figures = await gateway.ChatAsync(Chat("When?", stream));
        await IdleAsync(gateway);

        figures.Cached.ShouldBe(0);
        var requests = upstream.Requests;
        Body(requests[0])["cachedContent"].ShouldNotBeNull();
        Body(requests[1])["cachedContent"].ShouldBeNull();
        requests[2].Path.ShouldBe("/v1beta/cachedContents");
        (await gateway.ChatAsync(Chat("Where?", stream))).Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
    }

    [Fact]
    public async Task Chat_CreationFails_NothingBreaksAndNobodyTriesAtOnce()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) => context.Request.Path.Value!.EndsWith("cachedContents", StringComparison.Ordinal)
            ? AnswerAsync(context, """{"error":{"code":500,"message":"no","status":"INTERNAL"}}""", StatusCodes.Status500InternalServerError)
            : AnswerAsync(context, Answer(cached: 0)));
        await using var gateway = await InFrontOfAsync(Base(upstream));

        for (var i = 0; i < 3; i++)
        {
            await gateway.ChatAsync(Chat("Who?"));
            await IdleAsync(gateway);
        }

        upstream.Requests.Count(r => r.Path.EndsWith("cachedContents", StringComparison.Ordinal)).ShouldBe(1);
        upstream.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Chat_OtherErrorOnTopOfACache_TheWholeRequestDecides()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, body) => context.Request.Path.Value!.EndsWith("cachedContents", StringComparison.Ordinal)
            ? AnswerAsync(context, """{"name":"cachedContents/one"}""")
            : Encoding.UTF8.GetString(body).Contains("\"cachedContent\"", StringComparison.Ordinal)
                ? AnswerAsync(context, """{"error":{"code":400,"message":"something else","status":"INVALID_ARGUMENT"}}""", StatusCodes.Status400BadRequest)
                : AnswerAsync(context, Answer(cached: 0)));
        await using var gateway = await InFrontOfAsync(Base(upstream));

        for (var i = 0; i < 3; i++)
        {
            await gateway.ChatAsync(Chat("Who?"));
            await IdleAsync(gateway);
        }

        // Whole, creation, on top, whole; and then nobody tries for a while.
        upstream.Requests.Select(r => r.Path.Split(':')[^1]).ShouldBe(["generateContent", "/v1beta/cachedContents", "generateContent", "generateContent", "generateContent"]);
    }

    [Fact]
    public async Task Chat_TwoGatewaysOnOneStore_ShareTheName()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await StartAsync();
        var store = $$""", "Store": { "Redis": "{{redis.EndPoint}}", "TimeoutMs": 1000, "Secret": "0123456789abcdef0123456789abcdef" }""";
        await using var one = await StartGatewayAsync(upstream.BaseUrl, null, store);
        await using var other = await StartGatewayAsync(upstream.BaseUrl, null, store);
        await ConnectedAsync(one);
        await ConnectedAsync(other);
        await one.ChatAsync(Chat("Who?"));
        await IdleAsync(one);

        var figures = await other.ChatAsync(Chat("When?"));

        figures.Cached.ShouldNotBeNull().ShouldBeGreaterThan(2900);
        Body(upstream.Requests[^1])["cachedContent"].ShouldNotBeNull();
        Creations(upstream).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_TheDocumentsExample_GivesItsFigures()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, Answer(cached: 2039)));
        await using var gateway = await StartGatewayAsync(Base(upstream), null, """, "Models": [ { "Match": "google/*", "Providers": ["gemini"], "StripPrefix": true } ]""");
        var body = JsonNode.Parse(Chat("List all main characters mentioned in the text above."))!.AsObject();
        body["model"] = "google/gemini-2.5-flash";
        body["usage"] = new JsonObject { ["include"] = true };
        body["reasoning"] = new JsonObject { ["effort"] = "none" };
        body["max_tokens"] = 1024;

        var figures = await gateway.ChatAsync(body.ToJsonString());

        figures.Cached.ShouldBe(2039);
        Cost(figures, "prompt_cache_read_cost").ShouldBe(0.00006117m);
        var (_, path, headers, sent) = upstream.Requests[0];
        path.ShouldBe("/v1beta/models/gemini-2.5-flash:generateContent");
        headers["x-goog-api-key"].ToString().ShouldBe("secret");
        headers.ContainsKey("Authorization").ShouldBeFalse();
        JsonNode.Parse(sent)!["generationConfig"]!.ToJsonString().ShouldBe("""{"maxOutputTokens":1024,"thinkingConfig":{"thinkingBudget":0}}""");
    }

    // Thoughts are billed and not seen: only the provider's running total knows of them.
    [Fact]
    public async Task Stream_BreaksOff_IsBilledByTheLastRunningTotal()
    {
        // It breaks off only when the client has the event: a reset may overtake what is still on its way.
        var arrived = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.WithEventsAsync(
            """data: {"candidates":[{"content":{"parts":[{"text":"Nob"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":3050,"cachedContentTokenCount":2000,"candidatesTokenCount":2,"thoughtsTokenCount":700},"responseId":"r"}""" + "\n\n", broken: arrived.Task);
        using var log = new EventLog();
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{Base(upstream)}}", "ApiKey": "secret" } } } }""", logs: log);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Chat("Who?", stream: true, marker: null)) };
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        (await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken)).ShouldBe(1);
        arrived.SetResult();
        await Should.ThrowAsync<Exception>(() => stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        var record = await log.NextRequestAsync();

        record["PromptTokens"].ShouldBe(3050L);
        record["CachedTokens"].ShouldBe(2000L);
        record["CompletionTokens"].ShouldBe(702L);
        record["Source"].ShouldBe("provider");
        record["Cost"].ShouldBe(((1050 * 0.30m) + (2000 * 0.03m) + (702 * 2.50m)) / 1_000_000m);
    }

    [Fact]
    public async Task Chat_UpstreamsError_InOpenAIsShape()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, """{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED"}}""", StatusCodes.Status429TooManyRequests));
        await using var gateway = await InFrontOfAsync(Base(upstream));

        using var response = await gateway.SendAsync(Chat("Who?", marker: null));

        ((int)response.StatusCode).ShouldBe(429);
        var error = Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
        error.GetProperty("message").GetString().ShouldBe("Quota exceeded.");
        error.GetProperty("type").GetString().ShouldBe("rate_limit_error");
        error.GetProperty("provider_error").GetProperty("error").GetProperty("code").GetInt32().ShouldBe(429);
    }

    private static Task<SimulatorHost> StartAsync(TimeProvider? time = null)
        => SimulatorHost.StartAsync(new() { CompletionTokens = 8, RecordRequests = 64 }, time, TestContext.Current.CancellationToken);

    private static Task<TestGateway> InFrontOfAsync(string baseUrl, TimeProvider? time = null) => StartGatewayAsync(baseUrl, time, "");

    private static Task<TestGateway> StartGatewayAsync(string baseUrl, TimeProvider? time, string more)
        => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{baseUrl}}", "ApiKey": "secret" } }, "DefaultProvider": "gemini"{{more}} } }""", time);

    private static Task IdleAsync(TestGateway gateway) => gateway.Services.GetRequiredService<ExplicitCaches>().IdleAsync();

    private static async Task ConnectedAsync(TestGateway gateway)
    {
        var redis = gateway.Services.GetRequiredService<PrefixEngineSource>().Store.Redis.ShouldNotBeNull();
        while (!redis.IsConnected)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static int Creations(SimulatorHost upstream) => upstream.Requests.Count(r => r.Method == "POST" && r.Path == "/v1beta/cachedContents");

    private static string Base(ScriptedUpstream upstream) => upstream.BaseUrl[..^"/v1".Length];

    private static JsonNode Body(RecordedRequest request) => JsonNode.Parse(request.Body.Span)!;

    private static decimal? Cost(ChatFigures figures, string name)
        => figures.Cost!.Value.TryGetProperty(name, out var cost) && cost.ValueKind == System.Text.Json.JsonValueKind.Number ? cost.GetDecimal() : null;

    private static string Answer(int cached)
        => $$$"""{"candidates":[{"content":{"parts":[{"text":"Nobody."}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3050,"candidatesTokenCount":3,"totalTokenCount":3053,"cachedContentTokenCount":{{{cached}}}}}""";

    private static Task AnswerAsync(HttpContext context, string json, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    private static string Chat(string question, bool stream = false, string? marker = "{\"type\":\"ephemeral\"}")
    {
        var body = new JsonObject
        {
            ["model"] = "gemini-2.5-flash",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Part("Based on the book text below:", null), Part(Book, marker), Part(question, null)) }),
        };
        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body.ToJsonString();
    }

    // Every text but the last is marked.
    private static string Marked(string marker, params string[] texts)
        => new JsonObject
        {
            ["model"] = "gemini-2.5-flash",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray([.. texts.Select((t, i) => (JsonNode)Part(t, i < texts.Length - 1 ? marker : null))]) }),
        }.ToJsonString();

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
