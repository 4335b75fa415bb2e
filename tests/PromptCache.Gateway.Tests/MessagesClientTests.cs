using System.Net;
using System.Text;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Anthropic's official client against the gateway, in front of either kind of provider.</summary>
public sealed class MessagesClientTests
{
    private static readonly string Long = Bodies.Text(2000, "You answer questions about tents.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_TwiceWithAMarker_SecondIsCached(bool isAnthropic)
    {
        using var log = new EventLog();
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream, log);
        using var client = MessagesBench.ClientOf(gateway);

        var first = await client.Messages.Create(Ask(isAnthropic), TestContext.Current.CancellationToken);
        var second = await client.Messages.Create(Ask(isAnthropic), TestContext.Current.CancellationToken);

        first.Content.Single().TryPickText(out var text).ShouldBeTrue();
        text!.Text.ShouldNotBeEmpty();
        first.Usage.CacheReadInputTokens.ShouldBe(0);
        second.Usage.CacheReadInputTokens.ShouldNotBeNull().ShouldBeGreaterThan(1900);
        foreach (var message in (Message[])[first, second])
        {
            await ShouldAgreeAsync(log, message.Usage.InputTokens, message.Usage.CacheReadInputTokens, message.Usage.CacheCreationInputTokens, message.Usage.OutputTokens);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateStreaming_TwiceWithAMarker_SameFiguresAsWhole(bool isAnthropic)
    {
        using var log = new EventLog();
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream, log);
        using var client = MessagesBench.ClientOf(gateway);

        for (var turn = 0; turn < 2; turn++)
        {
            var text = new StringBuilder();
            MessageDeltaUsage? usage = null;
            var stopped = false;
            await foreach (var one in client.Messages.CreateStreaming(Ask(isAnthropic), TestContext.Current.CancellationToken))
            {
                text.Append(one.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece) ? piece.Text : "");
                usage = one.TryPickDelta(out var last) ? last.Usage : usage;
                stopped |= one.TryPickStop(out _);
            }

            text.Length.ShouldBeGreaterThan(0);
            stopped.ShouldBeTrue();
            usage.ShouldNotBeNull();
            (usage.CacheReadInputTokens > 1900).ShouldBe(turn == 1);
            await ShouldAgreeAsync(log, usage.InputTokens ?? 0, usage.CacheReadInputTokens, usage.CacheCreationInputTokens, usage.OutputTokens);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_Tools_AreCalled(bool isAnthropic)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { ToolCall = "get_weather" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream);
        using var client = MessagesBench.ClientOf(gateway);
        var request = Ask(isAnthropic) with
        {
            Tools = [new Tool { Name = "get_weather", Description = "Weather", InputSchema = new InputSchema { Properties = new Dictionary<string, System.Text.Json.JsonElement>(StringComparer.Ordinal) { ["city"] = Bodies.Json("""{"type":"string"}""") } } }],
        };

        var message = await client.Messages.Create(request, TestContext.Current.CancellationToken);

        message.Content[^1].TryPickToolUse(out var call).ShouldBeTrue();
        call!.Name.ShouldBe("get_weather");
        message.StopReason!.Value().ShouldBe(StopReason.ToolUse);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_UpstreamRefuses_ItsStatusInAnthropicsShape(bool isAnthropic)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "429" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream);
        using var client = MessagesBench.ClientOf(gateway);

        var error = await Should.ThrowAsync<AnthropicApiException>(() => client.Messages.Create(Ask(isAnthropic), TestContext.Current.CancellationToken));

        error.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        var body = Bodies.Json(error.ResponseBody);
        body.GetProperty("type").GetString().ShouldBe("error");
        body.GetProperty("error").GetProperty("type").GetString().ShouldBe("rate_limit_error");
    }

    [Theory]
    [InlineData("""{"model":"electron","max_tokens":5,"messages":[{"role":"user","content":7}]}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"electron","max_tokens":5}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"electron""", 400, "invalid_request_error")]
    [InlineData("""{"messages":[]}""", 400, "invalid_request_error")]
    public async Task Post_OwnError_InAnthropicsShape(string body, int status, string type)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic: false, upstream);

        using var response = await gateway.PostAsync(body);

        ((int)response.StatusCode).ShouldBe(status);
        var error = Bodies.Json(await response.TextAsync());
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        response.Header("request-id").ShouldBe(response.Header("x-request-id"));
        upstream.ArrivedRequests.ShouldBe(0);
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task Post_UnreachableProvider_BadGatewayInAnthropicsShape(string path)
    {
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync("http://127.0.0.1:1");

        using var response = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", path);

        ((int)response.StatusCode).ShouldBe(502);
        Bodies.Json(await response.TextAsync()).GetProperty("error").GetProperty("type").GetString().ShouldBe("api_error");
    }

    [Fact]
    public async Task Post_WhatOnlyAnthropicCanDo_RefusedElsewhereAndPassedOnThere()
    {
        const string Body = """{"model":"claude-sonnet-4-5","max_tokens":5,"mcp_servers":[{"type":"url","url":"https://x","name":"s"}],"messages":[{"role":"user","content":"Hi"}]}""";
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var other = await StartAsync(isAnthropic: false, upstream);
        await using var anthropic = await StartAsync(isAnthropic: true, upstream);

        using var refused = await other.PostAsync(Body);
        using var served = await anthropic.PostAsync(Body, headers: ("anthropic-version", "2023-06-01"));

        ((int)refused.StatusCode).ShouldBe(400);
        Bodies.Json(await refused.TextAsync()).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith("mcp_servers: ");
        ((int)served.StatusCode).ShouldBe(200);
        served.Header("x-promptcache-status").ShouldBe("bypass", "explicit mode, and nothing is marked");
    }

    [Fact]
    public async Task Post_OtherProtocol_NothingOfAnthropicsIsPassedOn()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { RecordRequests = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic: false, upstream);

        using var response = await gateway.PostAsync("""{"model":"electron","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", "/v1/messages?beta=true", ("anthropic-beta", "x"), ("anthropic-version", "2023-06-01"));

        var answer = Bodies.Json(await response.TextAsync());
        answer.GetProperty("type").GetString().ShouldBe("message");
        answer.GetProperty("cost_details").GetProperty("total_cost").GetRawText().ShouldBe(response.Header("x-promptcache-cost"));
        response.Header("x-promptcache-cached-tokens").ShouldBe("0");
        var seen = upstream.Requests.Single();
        seen.Path.ShouldBe("/v1/chat/completions");
        seen.Headers.Keys.ShouldNotContain(k => k.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CountTokens_ThenCreate_SameCount(bool isAnthropic)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream);
        using var client = MessagesBench.ClientOf(gateway);

        var counted = await client.Messages.CountTokens(new MessageCountTokensParams { Model = Model(isAnthropic), Messages = [new UserMessageParam("How big is it?")] }, TestContext.Current.CancellationToken);
        var message = await client.Messages.Create(new MessageCreateParams { Model = Model(isAnthropic), MaxTokens = 5, Messages = [new UserMessageParam("How big is it?")] }, TestContext.Current.CancellationToken);

        counted.InputTokens.ShouldBeGreaterThan(3);
        counted.InputTokens.ShouldBe(message.Usage.InputTokens);
    }

    private static string Model(bool isAnthropic) => isAnthropic ? "claude-sonnet-4-5" : "electron";

    private static Task<TestGateway> StartAsync(bool isAnthropic, SimulatorHost upstream, EventLog? log = null)
        => isAnthropic ? MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl, log) : MessagesBench.InFrontOfOpenAIAsync(upstream.BaseUrl + "/v1", log);

    private static MessageCreateParams Ask(bool isAnthropic) => new()
    {
        Model = Model(isAnthropic),
        MaxTokens = 50,
        System = new List<TextBlockParam> { new() { Text = Long, CacheControl = new CacheControlEphemeral() } },
        Messages = [new UserMessageParam("How big is it?")],
    };

    private static async Task ShouldAgreeAsync(EventLog log, long input, long? read, long? written, long output)
    {
        var record = await log.NextRequestAsync();
        record["PromptTokens"].ShouldBe(input + (read ?? 0) + (written ?? 0));
        record["CachedTokens"].ShouldBe(read);
        record["CompletionTokens"].ShouldBe(output);
        record["CostStatus"].ShouldBe("exact");
    }
}
