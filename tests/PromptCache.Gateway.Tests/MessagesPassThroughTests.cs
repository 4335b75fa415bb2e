using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Messages to a provider that speaks Anthropic's protocol: nothing is changed, everything is counted.</summary>
public sealed class MessagesPassThroughTests
{
    private const string Request = "{ \"max_tokens\" : 1e2,\n \"future\":{\"b\":1,\"a\":[ ]}, \"model\":\"claude-sonnet-4-5\", \"messages\":[{\"role\":\"user\",\"content\":\"H\\u00e9llo\"}] }";

    private const string Response = "{\"type\":\"message\", \"future\":1.50,\"usage\": {\"input_tokens\":10,\"cache_read_input_tokens\":60,\"cache_creation_input_tokens\":30,\"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},\"output_tokens\":9} }\n";

    // (10 x 3 + 60 x 0.3 + 10 x 3.75 + 20 x 6 + 9 x 15) / 1,000,000
    private const string Cost = "0.0003405";

    private static readonly string[] Events =
    [
        "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":30,\"cache_read_input_tokens\":60,\r\ndata: \"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},\"output_tokens\":1}}}\r\n\r\n",
        ": a comment\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"type\\\":\\\"message_delta\\\" }\"}}\n\n",
        "event: future\ndata: not json }\n\n",
        "event: message_delta\r\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9} }\r\n\r\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ];

    [Fact]
    public async Task Post_SameProtocol_BytesPassBothWays()
    {
        using var log = new EventLog();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream), log);

        using var response = await gateway.PostAsync(Request, "/v1/messages?beta=true", ("anthropic-beta", "fine-2099"), ("anthropic-version", "2099-01-01"), ("x-api-key", "sk-client"));

        (await response.TextAsync()).ShouldBe(Response);
        var (_, path, headers, body) = upstream.Requests.Single();
        Encoding.UTF8.GetString(body).ShouldBe(Request);
        path.ShouldBe("/v1/messages");
        headers["anthropic-beta"].ToString().ShouldBe("fine-2099");
        headers["anthropic-version"].ToString().ShouldBe("2099-01-01");
        headers["x-api-key"].ToString().ShouldBe("sk-own");
        headers.Keys.ShouldNotContain(k => k.StartsWith("x-promptcache-", StringComparison.OrdinalIgnoreCase));
        response.Header("x-promptcache-cost").ShouldBe(Cost);
        response.Header("x-promptcache-cached-tokens").ShouldBe("60");
        response.Header("x-promptcache-provider").ShouldBe("claude");
        await ShouldBeMeteredAsync(log);
    }

    [Fact]
    public async Task Post_Translated_TheVersionIsTheTranslators()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        using var response = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","temperature":0.5,"messages":[{"role":"user","content":"x"}]}""", "/v1/chat/completions", ("anthropic-version", "2026-10-21"), ("anthropic-beta", "fine-2099"));

        upstream.Requests.Single().Headers["anthropic-version"].ToString().ShouldBe("2023-06-01");
        upstream.Requests.Single().Headers["anthropic-beta"].ToString().ShouldBe("fine-2099");
    }

    [Fact]
    public async Task Post_Query_IsPassedOn()
    {
        var query = "";
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) =>
        {
            query = context.Request.QueryString.Value;
            return context.Response.WriteAsync(Response, context.RequestAborted);
        });
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        using var response = await gateway.PostAsync(Request, "/v1/messages?beta=true");

        query.ShouldBe("?beta=true");
    }

    [Fact]
    public async Task Post_Alias_OnlyTheModelIsNamedAnew()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        foreach (var name in (string[])["big", "claude/claude-sonnet-4-5"])
        {
            using var response = await gateway.PostAsync(Request.Replace("claude-sonnet-4-5", name, StringComparison.Ordinal));
            response.IsSuccessStatusCode.ShouldBeTrue();
        }

        upstream.Requests.Select(r => Encoding.UTF8.GetString(r.Body)).ShouldAllBe(body => body == Request);
    }

    [Theory]
    [InlineData("""{"model":"claude-sonnet-4-5","messages":"no list"}""")]
    [InlineData("""{"model":"claude-sonnet-4-5"}""")]
    [InlineData("""{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"forever"}}]}]}""")]
    public async Task Post_WhatIsNotUnderstood_IsTheProvidersToJudge(string body)
    {
        const string Error = """{"type":"error","error":{"type":"invalid_request_error","message":"messages: no"}}""";
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Error, status: 400);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        using var response = await gateway.PostAsync(body);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.TextAsync()).ShouldBe(Error);
        Encoding.UTF8.GetString(upstream.Requests.Single().Body).ShouldBe(body);
        response.Header("x-promptcache-status").ShouldBe("bypass");
    }

    [Fact]
    public async Task Post_SubscribersToken_GoesAsItCame()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream), provider: "");

        using var oauth = await gateway.PostAsync(Request, headers: ("Authorization", "Bearer oat-1"));
        using var key = await gateway.PostAsync(Request, headers: ("x-api-key", "sk-2"));

        upstream.Requests[0].Headers.Authorization.ToString().ShouldBe("Bearer oat-1");
        upstream.Requests[0].Headers.ShouldNotContainKey("x-api-key");
        upstream.Requests[1].Headers["x-api-key"].ToString().ShouldBe("sk-2");
        upstream.Requests[1].Headers.Authorization.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Post_CostDetailsAskedFor_AddedToTheBodyAndNothingElse()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Response);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        using var response = await gateway.PostAsync(Request, headers: ("x-promptcache-cost-details", "1"));

        var text = await response.TextAsync();
        var cost = Bodies.Json(text).GetProperty("cost_details");
        cost.GetProperty("total_cost").GetRawText().ShouldBe(Cost);
        cost.GetProperty("source").GetString().ShouldBe("provider");
        text.Replace(",\"cost_details\":" + cost.GetRawText(), "", StringComparison.Ordinal).ShouldBe(Response);
        upstream.Requests.Single().Headers.ShouldNotContainKey("x-promptcache-cost-details");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_EachEvent_ArrivesBeforeTheNextIsSent(bool costDetails)
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));
        var sending = gateway.PostAsync(Request, headers: ("x-promptcache-cost-details", costDetails ? "1" : "0"));
        await pieces.Writer.WriteAsync(Events[0], TestContext.Current.CancellationToken);
        using var response = await sending;
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        (await ReadAsync(stream, Events[0].Length)).ShouldBe(Events[0]);

        foreach (var piece in Events[1..3])
        {
            await pieces.Writer.WriteAsync(piece, TestContext.Current.CancellationToken);
            (await ReadAsync(stream, piece.Length)).ShouldBe(piece);
        }

        pieces.Writer.Complete();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Stream_CutAnywhere_BytesPassAndUsageIsMetered(int size)
    {
        using var log = new EventLog();
        var whole = string.Concat(Events);
        await using var upstream = await ScriptedUpstream.WithEventsAsync(whole, size);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream), log);

        using var response = await gateway.PostAsync(Request);

        (await response.TextAsync()).ShouldBe(whole);
        await ShouldBeMeteredAsync(log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Stream_CostDetailsAskedFor_AddedToTheReportAndNothingElse(int size)
    {
        var whole = string.Concat(Events) + "event: cut off\ndata: }";
        await using var upstream = await ScriptedUpstream.WithEventsAsync(whole, size);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream));

        using var response = await gateway.PostAsync(Request, headers: ("x-promptcache-cost-details", "1"));

        var text = await response.TextAsync();
        var report = text.Split('\n').Single(l => l.StartsWith("data: {\"type\":\"message_delta\"", StringComparison.Ordinal))["data: ".Length..];
        var cost = Bodies.Json(report).GetProperty("cost_details");
        cost.GetProperty("total_cost").GetRawText().ShouldBe(Cost);
        text.Replace(",\"cost_details\":" + cost.GetRawText(), "", StringComparison.Ordinal).ShouldBe(whole);
    }

    [Fact]
    public async Task Stream_EndsWithoutItsReport_WhatWasSeenIsMetered()
    {
        using var log = new EventLog();
        await using var upstream = await ScriptedUpstream.WithEventsAsync(Events[0], 4096);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(Root(upstream), log);

        using var response = await gateway.PostAsync(Request);

        (await response.TextAsync()).ShouldBe(Events[0]);
        var record = await log.NextRequestAsync();
        record["PromptTokens"].ShouldBe(100L);
        record["CompletionTokens"].ShouldBe(1L);
    }

    private static string Root(ScriptedUpstream upstream) => upstream.BaseUrl[..^"/v1".Length];

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task ShouldBeMeteredAsync(EventLog log)
    {
        var record = await log.NextRequestAsync();
        record["PromptTokens"].ShouldBe(100L);
        record["CachedTokens"].ShouldBe(60L);
        record["WriteTokens"].ShouldBe(10L);
        record["Write1hTokens"].ShouldBe(20L);
        record["CompletionTokens"].ShouldBe(9L);
        record["Source"].ShouldBe("provider");
        record["Cost"].ShouldBe(0.0003405m);
    }
}
