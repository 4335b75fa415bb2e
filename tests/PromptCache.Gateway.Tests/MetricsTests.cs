using System.Globalization;
using System.Net;
using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing.Stores;

namespace PromptCache.Gateway.Tests;

/// <summary>Metrics as text and over OTLP, of a process of its own: instruments are shared inside one.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterAFallback_TellWhoFailedAndWhoServed()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{}", status: 503);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        using var folder = new ConfigFolder(Configurations.Fallback($"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\"", $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\""));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        await ChatAsync(gateway, Bodies.Chat(("user", "Hello.")));

        var metrics = await ReadAsync(gateway, m => m.Of("promptcache_requests_total") >= 1);

        metrics.Of("promptcache_fallbacks_total", ("provider", "p0"), ("status", "503")).ShouldBe(1);
        metrics.Of("promptcache_requests_total", ("provider", "p1")).ShouldBe(1);
        metrics.Of("promptcache_requests_total", ("provider", "p0")).ShouldBe(0);
    }

    [Fact]
    public async Task Metrics_AfterRequests_AreValidTextWithTokensAndCost()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 10 }, cancellationToken: TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Configuration(upstream.BaseUrl));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        var body = Bodies.Chat(("system", Bodies.Text(1000, "You sell tents.")), ("user", "Hello."));
        var first = await ChatAsync(gateway, body);
        var second = await ChatAsync(gateway, body);

        var metrics = await ReadAsync(gateway, m => m.Of("promptcache_requests_total", ("status", "200")) >= 2);

        metrics.Types["promptcache_requests_total"].ShouldBe("counter");
        metrics.Of("promptcache_requests_total", ("provider", "sim"), ("model", "electron"), ("store_status", "hit")).ShouldBe(1);
        metrics.Of("promptcache_requests_total", ("provider", "sim"), ("model", "electron"), ("store_status", "miss")).ShouldBe(1);
        metrics.Of("promptcache_tokens_total", ("kind", "uncached")).ShouldBe(first.Prompt + second.Prompt - second.Cached!.Value);
        metrics.Of("promptcache_tokens_total", ("kind", "cache_read")).ShouldBe(second.Cached!.Value);
        metrics.Of("promptcache_tokens_total", ("kind", "output")).ShouldBe(20);
        metrics.Of("promptcache_cost_usd_total").ShouldBe((double)(first.Total!.Value + second.Total!.Value), 1e-9);
        metrics.Of("promptcache_savings_usd_total").ShouldBeGreaterThan(0);
        metrics.Types["promptcache_request_duration_seconds"].ShouldBe("histogram");
        metrics.Of("promptcache_request_duration_seconds_count").ShouldBe(2);
        metrics.Of("promptcache_store_up").ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_StoreThatIsLost_IsDownAndItsFailuresAreCounted()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new ConfigFolder($$"""
            { "PromptCache": {
                "Store": { "Redis": "{{redis.EndPoint}}", "Secret": "0123456789abcdef0123456789abcdef", "TimeoutMs": 2000 },
                "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" } } } }
            """);
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        await ReadAsync(gateway, m => m.Of("promptcache_store_up") == 1);

        await redis.KillAsync();

        var metrics = await ReadAsync(gateway, m => m.Of("promptcache_store_up") == 0 && m.Of("promptcache_store_failures_total") >= 3);
        metrics.Types["promptcache_store_failures_total"].ShouldBe("counter");
    }

    [Fact]
    public async Task Metrics_NamesThatClientsInvent_MakeNoSeries()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", status: 404);
        using var folder = new ConfigFolder(Configuration(upstream.BaseUrl));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        for (var i = 0; i < 300; i++)
        {
            await SendAsync(gateway, Bodies.Chat($"invented-{i}-\"\n\\", stream: false, ("user", "Hello.")));
        }

        var metrics = await ReadAsync(gateway, m => m.Of("promptcache_requests_total") >= 300);

        metrics.Of("promptcache_requests_total", ("model", "other"), ("status", "404")).ShouldBe(300);
        metrics.Samples.Where(s => s.Name == "promptcache_requests_total").Select(s => s.Labels["model"]).Distinct().ShouldBe(["other"]);
    }

    [Fact]
    public async Task Metrics_ModelsThatWork_AreBounded()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("{}");
        using var folder = new ConfigFolder(Configuration(upstream.BaseUrl));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        for (var i = 0; i < 300; i++)
        {
            await SendAsync(gateway, Bodies.Chat($"m{i.ToString(CultureInfo.InvariantCulture)}", stream: false, ("user", "Hello.")));
        }

        var metrics = await ReadAsync(gateway, m => m.Of("promptcache_requests_total") >= 300);

        metrics.Samples.Where(s => s.Name == "promptcache_requests_total").Select(s => s.Labels["model"]).Distinct().Count().ShouldBe(257);
        metrics.Of("promptcache_requests_total", ("model", "other")).ShouldBe(44);
    }

    [Fact]
    public async Task Otlp_StandardVariablesSet_MetricsArrive()
    {
        await using var collector = await ScriptedUpstream.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        await using var upstream = await ScriptedUpstream.WithJsonAsync("{}");
        using var folder = new ConfigFolder(Configuration(upstream.BaseUrl));
        await using var gateway = await GatewayProcess.ServeAsync(
            folder.FileName,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.BaseUrl[..^"/v1".Length]), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"));

        await SendAsync(gateway, Bodies.Chat(("user", "Hello.")));

        // An export may fall between the instruments of one request; the next one has the rest.
        await Eventually.Is(() => Arrived(collector, "promptcache.requests") && Arrived(collector, "promptcache.request.duration"), "the metrics arrived");
        Arrived(collector, "service.name").ShouldBeTrue();
        Arrived(collector, "unknown_service").ShouldBeFalse();
    }

    private static bool Arrived(ScriptedUpstream collector, string text)
    {
        lock (collector.Requests)
        {
            return collector.Requests.Any(r => r is { Method: "POST", Path: "/v1/metrics" } && r.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
        }
    }

    private static async Task<Exposition> ReadAsync(GatewayProcess gateway, Func<Exposition, bool> until)
    {
        var metrics = new Exposition();
        await Eventually.Async(async () =>
        {
            using var response = await gateway.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.ToString().ShouldStartWith("text/plain; version=0.0.4");
            metrics = Exposition.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            return until(metrics);
        }, "the metrics tell of the requests");
        return metrics;
    }

    private static async Task<ChatFigures> ChatAsync(GatewayProcess gateway, string body)
    {
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent(body), TestContext.Current.CancellationToken);
        return ChatFigures.Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    private static async Task SendAsync(GatewayProcess gateway, string body)
    {
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent(body), TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static string Configuration(string baseUrl) => $$"""
        { "PromptCache": {
            "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{baseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } },
            "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ] } }
        """;
}
