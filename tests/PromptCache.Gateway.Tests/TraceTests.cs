using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Trace context: passed on as it came, or one span per request where spans are exported.</summary>
public sealed class TraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{TraceId}-b7ad6b7169203331-01";

    [Fact]
    public async Task Context_NothingIsExported_PassesAsItCameAndNoneIsAdded()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await gateway.SendAsync(Bodies.Chat(("user", "Hello.")), key: null, ("traceparent", Parent), ("tracestate", "a=b,c=d"), ("baggage", "x=y"))).Dispose();
        (await gateway.SendAsync(Bodies.Chat(("user", "Hello.")))).Dispose();

        var (with, without) = (upstream.Requests[0].Headers, upstream.Requests[1].Headers);
        (with["traceparent"].ToString(), with["tracestate"].ToString(), with["baggage"].ToString()).ShouldBe((Parent, "a=b,c=d", "x=y"));
        without.Keys.ShouldNotContain(k => k.StartsWith("trace", StringComparison.OrdinalIgnoreCase) || k.Equals("baggage", StringComparison.OrdinalIgnoreCase) || k.Equals("Request-Id", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Otlp_StandardVariablesSet_OneSpanPerRequestWithTheConventionsNames()
    {
        await using var collector = await ScriptedUpstream.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        using var folder = new ConfigFolder($$"""
            { "PromptCache": { "Providers": { "mine": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store", "Preset": "xai" } } } }
            """);
        await using var gateway = await GatewayProcess.ServeAsync(
            folder.FileName,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.BaseUrl[..^"/v1".Length]), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "100"));

        const string probe = "11111111111111111111111111111111";
        await SendAsync(gateway, HttpMethod.Get, "/healthz", $"00-{probe}-b7ad6b7169203331-01");
        await SendAsync(gateway, HttpMethod.Post, "/v1/chat/completions?key=sk-secret", Parent);

        var sent = upstream.Requests.ShouldHaveSingleItem().Headers["traceparent"].ToString().Split('-');
        (sent[1], sent[2] == "b7ad6b7169203331").ShouldBe((TraceId, false));
        await Eventually.Is(() => Arrived(collector, "/v1/traces", "chat electron"u8) && Arrived(collector, "/v1/traces", Convert.FromHexString(sent[2])), "the spans arrived");
        Arrived(collector, "/v1/traces", Convert.FromHexString(TraceId)).ShouldBeTrue();
        foreach (var name in (string[])["gen_ai.operation.name", "gen_ai.provider.name", "x_ai", "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens", "promptcache.status", "service.name"])
        {
            Arrived(collector, "/v1/traces", Encoding.UTF8.GetBytes(name)).ShouldBeTrue(name);
        }

        Arrived(collector, "/v1/traces", Convert.FromHexString(probe)).ShouldBeFalse("a probe is no request");
        foreach (var name in (string[])["gen_ai.client.token.usage", "gen_ai.client.operation.duration", "gen_ai.token.type"])
        {
            await Eventually.Is(() => Arrived(collector, "/v1/metrics", Encoding.UTF8.GetBytes(name)), $"{name} arrived");
        }

        foreach (var path in (string[])["/v1/traces", "/v1/metrics"])
        {
            Arrived(collector, path, "sk-secret"u8).ShouldBeFalse();
            Arrived(collector, path, "walrus"u8).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Otlp_OverGrpc_SpansAndMetricsArrive()
    {
        await using var collector = await GrpcCollector.StartAsync();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        using var folder = new ConfigFolder($$"""{ "PromptCache": { "Providers": { "mine": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }""");

        // gRPC is what the exporter speaks when nobody says otherwise.
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        await SendAsync(gateway, HttpMethod.Post, "/v1/chat/completions", Parent);

        await Eventually.Is(() => collector.Received("/opentelemetry.proto.collector.trace.v1.TraceService/Export", "chat electron"), "the spans arrived");
        await Eventually.Is(() => collector.Received("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "promptcache.requests"), "the metrics arrived");
    }

    private static async Task SendAsync(GatewayProcess gateway, HttpMethod method, string path, string parent)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? new StringContent(Bodies.Chat(("user", "walrus"))) : null };
        request.Headers.Add("traceparent", parent);
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static bool Arrived(ScriptedUpstream collector, string path, ReadOnlySpan<byte> bytes)
    {
        lock (collector.Requests)
        {
            foreach (var request in collector.Requests)
            {
                if (request.Path == path && request.Body.AsSpan().IndexOf(bytes) >= 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
