using System.Text.Json;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Messages to an engine that speaks Anthropic's protocol, where the gateway is the billing truth: the body's usage, headers, <c>cost_details</c> and log say the same.</summary>
public sealed class MessagesStoreModeTests
{
    // What the engine says of its own cache never reaches the client.
    private const string Usage = """{"input_tokens":400,"cache_read_input_tokens":1000,"cache_creation_input_tokens":600,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":0},"output_tokens":9,"service_tier":"standard","iterations":[{"type":"message","input_tokens":400,"cache_read_input_tokens":1000}]}""";

    private const string Response = "{\"type\":\"message\", \"future\":1.50, \"content\":[{\"type\":\"text\",\"text\":\"\\\"usage\\\":{}\"}],\"usage\": " + Usage + " }\n";

    private static readonly string Request = $$$"""
        { "model":"m", "max_tokens":9, "system":[{"type":"text","text":"{{{Bodies.Text(1600, "Rules")}}}","cache_control":{"type":"ephemeral","ttl":"1h"}}],
          "messages":[{"role":"user","content":[{"type":"text","text":"{{{Bodies.Text(600, "Story")}}}","cache_control":{"type":"ephemeral"}},{"type":"text","text":"And now?"}]}] }
        """;

    private static readonly string[] Events =
    [
        "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\", \"usage\":" + Usage[..^1].Replace("\"output_tokens\":9", "\"output_tokens\":1", StringComparison.Ordinal) + "},\r\ndata: \"content\":[]}}\r\n\r\n",
        ": rest\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"message_start\\\"\"}}\n\n",
        "event: future\ndata: not json }\n\n",
        "event: message_delta\ndata: {\"type\":\"message_delta\", \"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":400,\"cache_read_input_tokens\":1000,\"cache_creation_input_tokens\":600,\"output_tokens\":9,\"server_tool_use\":{\"web_search_requests\":1}} }\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ];

    [Fact]
    public async Task Post_Twice_TheBodySaysTheStoresBuckets()
    {
        using var log = new EventLog();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await StartAsync(upstream, log);

        var cold = await ReadAsync(gateway, log);
        var warm = await ReadAsync(gateway, log);

        (cold.Read, cold.Input + cold.Write + cold.Write1h).ShouldBe((0, 2000));
        cold.Write.ShouldBeGreaterThan(100);
        cold.Write1h.ShouldBeGreaterThan(1000);
        (warm.Write, warm.Write1h).ShouldBe((0, 0));
        warm.Read.ShouldBe(cold.Write + cold.Write1h);
        warm.Input.ShouldBe(cold.Input);
    }

    [Fact]
    public async Task Post_EngineWithoutUsage_TheStoresIsAdded()
    {
        using var log = new EventLog();
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"type":"message","content":[]}""");
        await using var gateway = await StartAsync(upstream, log);

        using var response = await gateway.PostAsync(Request);

        var usage = Bodies.Json(await response.TextAsync()).GetProperty("usage");
        usage.GetProperty("cache_read_input_tokens").GetInt64().ShouldBe(0);
        (usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("cache_creation_input_tokens").GetInt64()).ShouldBe((await log.NextRequestAsync())["PromptTokens"]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(4096, false)]
    [InlineData(4096, true)]
    public async Task Stream_CutAnywhere_BothEventsSayTheStoresBucketsAndNothingElseChanges(int size, bool costDetails)
    {
        using var log = new EventLog();
        var whole = string.Concat(Events);
        await using var upstream = await ScriptedUpstream.WithEventsAsync(whole, size);
        await using var gateway = await StartAsync(upstream, log);
        using var first = await gateway.PostAsync(Request);
        await first.TextAsync();
        await log.NextRequestAsync();

        using var response = await gateway.PostAsync(Request, headers: ("x-promptcache-cost-details", costDetails ? "1" : "0"));

        var text = await response.TextAsync();
        var record = await log.NextRequestAsync();
        var start = UsageOf(text, "message_start").GetRawText();
        var delta = UsageOf(text, "message_delta").GetRawText();
        foreach (var usage in (JsonElement[])[Bodies.Json(start), Bodies.Json(delta)])
        {
            usage.GetProperty("cache_read_input_tokens").GetInt64().ShouldBe(record["CachedTokens"]);
            usage.GetProperty("cache_creation_input_tokens").GetInt64().ShouldBe(0);
            (usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("cache_read_input_tokens").GetInt64()).ShouldBe(2000);
        }

        Bodies.Json(start).GetProperty("output_tokens").GetInt64().ShouldBe(1);
        Bodies.Json(delta).GetProperty("output_tokens").GetInt64().ShouldBe(9);
        Bodies.Json(delta).GetProperty("server_tool_use").GetProperty("web_search_requests").GetInt64().ShouldBe(1);
        record["Source"].ShouldBe("store");
        var untouched = costDetails ? text.Replace(",\"cost_details\":" + DataOf(text, "message_delta").GetProperty("cost_details").GetRawText(), "", StringComparison.Ordinal) : text;
        untouched.Replace(start, "", StringComparison.Ordinal).Replace(delta, "", StringComparison.Ordinal)
            .ShouldBe(whole.Replace(UsageOf(whole, "message_start").GetRawText(), "", StringComparison.Ordinal).Replace(UsageOf(whole, "message_delta").GetRawText(), "", StringComparison.Ordinal));
    }

    private static string Data(string text, string type)
        => string.Concat(text.Split("\n\n").SelectMany(e => e.Split("\r\n\r\n")).Single(e => e.Contains($"data: {{\"type\":\"{type}\"", StringComparison.Ordinal))
            .Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..].TrimEnd('\r')));

    private static JsonElement DataOf(string text, string type) => Bodies.Json(Data(text, type));

    private static JsonElement UsageOf(string text, string type)
        => type == "message_start" ? DataOf(text, type).GetProperty("message").GetProperty("usage") : DataOf(text, type).GetProperty("usage");

    private static async Task<(long Input, long Read, long Write, long Write1h)> ReadAsync(TestGateway gateway, EventLog log)
    {
        using var response = await gateway.PostAsync(Request, headers: ("x-promptcache-cost-details", "1"));
        var text = await response.TextAsync();
        var body = Bodies.Json(text);
        var usage = body.GetProperty("usage");
        var split = usage.GetProperty("cache_creation");
        var figures = (Input: usage.GetProperty("input_tokens").GetInt64(), Read: usage.GetProperty("cache_read_input_tokens").GetInt64(),
            Write: split.GetProperty("ephemeral_5m_input_tokens").GetInt64(), Write1h: split.GetProperty("ephemeral_1h_input_tokens").GetInt64());
        usage.GetProperty("cache_creation_input_tokens").GetInt64().ShouldBe(figures.Write + figures.Write1h);
        usage.GetProperty("output_tokens").GetInt64().ShouldBe(9);
        usage.GetProperty("service_tier").GetString().ShouldBe("standard");
        usage.TryGetProperty("iterations", out _).ShouldBeFalse();

        var record = await log.NextRequestAsync();
        (record["CachedTokens"], record["WriteTokens"], record["Write1hTokens"]).ShouldBe(((object)figures.Read, (object)figures.Write, (object)figures.Write1h));
        response.Header("x-promptcache-cached-tokens").ShouldBe($"{figures.Read}");
        body.GetProperty("cost_details").GetProperty("source").GetString().ShouldBe("store");
        body.GetProperty("cost_details").GetProperty("total_cost").GetDecimal().ShouldBe((figures.Input * 3 + figures.Read * 0.3m + figures.Write * 3.75m + figures.Write1h * 6 + 9 * 15) / 1_000_000);
        text.Replace(usage.GetRawText(), Usage, StringComparison.Ordinal).Replace(",\"cost_details\":" + body.GetProperty("cost_details").GetRawText(), "", StringComparison.Ordinal).ShouldBe(Response);
        return figures;
    }

    // Two addresses of one engine: which is warm has to be known before the request leaves, so that message_start always finds the store's answer there.
    private static Task<TestGateway> StartAsync(ScriptedUpstream upstream, EventLog log)
    {
        var root = upstream.BaseUrl[..^"/v1".Length];
        return TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": { "engine": { "Protocol": "anthropic", "BaseUrls": ["{{root}}", "{{root}}/b"], "ApiKey": "none", "CachePolicy": "anthropic", "Usage": "store" } },
                "DefaultProvider": "engine",
                "Prices": [ { "Model": "m", "Input": 3, "CacheRead": 0.3, "CacheWrite": 3.75, "CacheWrite1h": 6, "Output": 15 } ] } }
            """, logs: log);
    }
}
