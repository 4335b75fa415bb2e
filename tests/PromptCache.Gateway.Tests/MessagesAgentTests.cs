using System.Net;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Anthropic's official client in an agent's loop: thinking that comes back, parallel calls, media, errors, an answer that nobody waits for.</summary>
public sealed class MessagesAgentTests
{
    private const string Weather = """{"name":"get_weather","description":"Weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}""";

    private const string Time = """{"name":"get_time","description":"Time","input_schema":{"type":"object","properties":{"zone":{"type":"string"}}},"cache_control":{"type":"ephemeral","ttl":"1h"}}""";

    private const string Question = """
        [{"type":"text","text":"What is in these?","cache_control":{"type":"ephemeral"}},
         {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
         {"type":"document","title":"Notes","source":{"type":"text","media_type":"text/plain","data":"It rains."}},
         {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}]
        """;

    // The simulator signs what it thinks, and refuses a block that comes back changed.
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Create_TwoTurnsOfAnAgent_ThinkingAndCallsComeBackAsTheyWere(bool isAnthropic, bool streamed)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { ToolCall = "get_weather,get_time", ReasoningTokens = 20, RecordRequests = 4 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream);
        using var client = MessagesBench.ClientOf(gateway);

        var first = await AskAsync(client, streamed, Request(isAnthropic, User(Question)));
        var calls = first.Content.Select(b => b.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>().ToArray();
        calls.Select(c => c.Name).ShouldBe(["get_weather", "get_time"]);
        var content = JsonSerializer.Serialize(first.Content);
        var results = $"[{string.Join(",", calls.Select(c => $$"""{"type":"tool_result","tool_use_id":"{{c.ID}}","content":[{"type":"text","text":"Rain"}]}"""))}]";
        var second = await AskAsync(client, streamed, Request(isAnthropic, User(Question), Assistant(content), User(results)));

        second.StopReason!.Value().ShouldBe(StopReason.ToolUse);
        var sent = upstream.Requests.Select(r => Bodies.Json(System.Text.Encoding.UTF8.GetString(r.Body.Span)).GetProperty("messages")).ToArray();
        sent.Length.ShouldBe(2);
        sent[1][0].GetRawText().ShouldBe(sent[0][0].GetRawText());
        var answer = sent[1][1].GetRawText();
        answer.ShouldContain(calls[1].ID);
        if (isAnthropic)
        {
            first.Content[0].TryPickThinking(out var thinking).ShouldBeTrue();
            answer.ShouldContain(thinking!.Thinking);
            answer.ShouldContain(thinking.Signature);
        }
    }

    [Theory]
    [InlineData("400", HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData("401", HttpStatusCode.Unauthorized, "authentication_error")]
    [InlineData("404", HttpStatusCode.NotFound, "not_found_error")]
    [InlineData("413", HttpStatusCode.RequestEntityTooLarge, "request_too_large")]
    [InlineData("429", HttpStatusCode.TooManyRequests, "rate_limit_error")]
    [InlineData("500", HttpStatusCode.InternalServerError, "api_error")]
    [InlineData("529", (HttpStatusCode)529, "overloaded_error")]
    public async Task Create_UpstreamFails_StatusTypeAndHeadersAreTheProviders(string error, HttpStatusCode status, string type)
    {
        foreach (var isAnthropic in (bool[])[true, false])
        {
            await using var upstream = await SimulatorHost.StartAsync(new() { Error = error }, cancellationToken: TestContext.Current.CancellationToken);
            await using var gateway = await StartAsync(isAnthropic, upstream);
            using var client = MessagesBench.ClientOf(gateway);

            var thrown = await Should.ThrowAsync<AnthropicApiException>(() => client.Messages.Create(Request(isAnthropic, User(Question)), TestContext.Current.CancellationToken));

            thrown.StatusCode.ShouldBe(status, $"to anthropic: {isAnthropic}");
            Bodies.Json(thrown.ResponseBody).GetProperty("error").GetProperty("type").GetString().ShouldBe(type, $"to anthropic: {isAnthropic}");
        }
    }

    [Fact]
    public async Task Post_RateLimited_TheProvidersHeadersComeToo()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "429" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic: true, upstream);

        using var response = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""", headers: ("anthropic-version", "2023-06-01"));

        response.Header("retry-after").ShouldBe("1");
        response.Header("anthropic-ratelimit-requests-limit").ShouldBe("50");
        response.Header("request-id").ShouldBe("req_sim");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateStreaming_ClientLeaves_SettledAndTheNextIsServed(bool isAnthropic)
    {
        using var log = new EventLog();
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(isAnthropic, upstream, log);
        using var client = MessagesBench.ClientOf(gateway);

        await foreach (var one in client.Messages.CreateStreaming(Request(isAnthropic, User(Question)), TestContext.Current.CancellationToken))
        {
            if (one.TryPickContentBlockDelta(out _))
            {
                break;
            }
        }

        Convert.ToInt64((await log.NextRequestAsync())["PromptTokens"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        (await client.Messages.Create(Request(isAnthropic, User(Question)), TestContext.Current.CancellationToken)).Content.Count.ShouldBeGreaterThan(0);
    }

    private static Task<Message> AskAsync(AnthropicClient client, bool streamed, MessageCreateParams request)
        => streamed
            ? client.Messages.CreateStreaming(request, TestContext.Current.CancellationToken).Aggregate()
            : client.Messages.Create(request, TestContext.Current.CancellationToken);

    private static MessageCreateParams Request(bool isAnthropic, params MessageParam[] messages) => new()
    {
        Model = isAnthropic ? "claude-sonnet-4-5" : "electron",
        MaxTokens = 2000,
        Thinking = new ThinkingConfigEnabled { BudgetTokens = 1024 },
        Tools = [Tool.FromRawUnchecked(Members(Weather)), Tool.FromRawUnchecked(Members(Time))],
        Messages = [.. messages],
    };

    private static MessageParam User(string content) => UserMessageParam.FromRawUnchecked(Members($$"""{"role":"user","content":{{content}}}"""));

    private static MessageParam Assistant(string content) => AssistantMessageParam.FromRawUnchecked(Members($$"""{"role":"assistant","content":{{content}}}"""));

    private static Dictionary<string, JsonElement> Members(string json) => Bodies.Json(json).EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);

    private static Task<TestGateway> StartAsync(bool isAnthropic, SimulatorHost upstream, EventLog? log = null)
        => isAnthropic ? MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl, log) : MessagesBench.InFrontOfOpenAIAsync(upstream.BaseUrl + "/v1", log);
}
