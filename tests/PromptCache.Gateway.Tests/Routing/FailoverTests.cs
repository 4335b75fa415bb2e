using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>Fallback through the front door: who is asked, with what, what it costs, and what is told of it.</summary>
public sealed class FailoverTests
{
    private static readonly string Body = Bodies.Chat(("user", "hi"));

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("tls")]
    [InlineData("dns")]
    public async Task Chat_FirstCannotBeReached_TheNextServes(string how)
    {
        await using var plain = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(how == "tls" ? plain.BaseUrl.Replace("http:", "https:", StringComparison.Ordinal) : "http://gone.invalid/v1", second.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-promptcache-provider").ShouldBe(["p1"]);
        plain.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("broken")]
    [InlineData("silent")]
    public async Task Stream_FirstFailsBeforeItsFirstByte_TheNextStreamsFromTheStart(string how)
    {
        await using var first = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = how == "status" ? 502 : 200;
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (how == "broken")
            {
                context.Abort();
            }
            else if (how == "silent")
            {
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            }
        });
        var pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var second = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        foreach (var piece in (string[])[Replies.Chunk("whole"), Replies.Finish, Replies.Usage, Replies.Done])
        {
            pieces.Writer.TryWrite(piece);
        }

        pieces.Writer.Complete();
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback(
            $"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\", \"Timeout\": \"1s\"", $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\""));

        using var response = await gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", "hi")));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.Headers.GetValues("x-promptcache-provider").ShouldBe(["p1"]);
        text.Split("whole").Length.ShouldBe(2);
        text.ShouldEndWith(Replies.Done);
        ChatFigures.Read(text, response).Prompt.ShouldBe(20);
    }

    [Fact]
    public async Task Chat_NextSpeaksAnotherProtocol_GetsItsTranslationAtItsOwnPriceWithItsOwnPrefixes()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{}", status: 503);
        await using var claude = await SimulatorHost.StartAsync(new() { CompletionTokens = 10 }, _time, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": {
                    "p0": { "Protocol": "openai", "BaseUrl": "{{first.BaseUrl}}", "ApiKey": "k0" },
                    "p1": { "Protocol": "anthropic", "BaseUrl": "{{claude.BaseUrl}}", "ApiKey": "k1", "CachePolicy": "anthropic", "Breakpoints": "off" } },
                "Models": [ { "Match": "big", "Providers": ["p0", "p1"], "Model": "claude-sonnet-4-5" } ],
                "Prices": [ { "Provider": "p0", "Model": "*", "Input": 100, "Output": 100 }, { "Provider": "p1", "Model": "*", "Input": 1, "CacheRead": 0.1, "CacheWrite": 2, "Output": 3 } ] } }
            """, _time);
        var body = $$"""{"model":"big","messages":[{"role":"system","content":[{"type":"text","text":"{{Bodies.Text(1500, "Rules.")}}","cache_control":{"type":"ephemeral"} }]},{"role":"user","content":"hi"}]}""";

        var cold = await gateway.ChatAsync(body);
        var warm = await gateway.ChatAsync(body);

        cold.Written.ShouldNotBeNull().ShouldBeGreaterThan(1024);
        warm.Cached.ShouldBe(cold.Written);
        cold.Total.ShouldBe(((cold.Prompt - cold.Written.Value) * 0.000_001m) + (cold.Written.Value * 0.000_002m) + (cold.Completion * 0.000_003m));
        (cold.Status, warm.Status).ShouldBe(("miss", "hit"));
        first.Requests.ShouldAllBe(r => Encoding.UTF8.GetString(r.Body).StartsWith("{\"model\":\"claude-sonnet-4-5\",\"messages\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_AllFail_TheLastAnswerPassesWithItsOwnHeadersAlone()
    {
        await using var first = await FailingAsync(429, ("Retry-After", "7"), ("x-ratelimit-remaining", "0"));
        await using var second = await FailingAsync(429, ("Retry-After", "9"));
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.GetValues("Retry-After").ShouldBe(["9"]);
        response.Headers.Contains("x-ratelimit-remaining").ShouldBeFalse();
        response.Headers.GetValues("x-promptcache-provider").ShouldBe(["p1"]);
    }

    [Fact]
    public async Task Chat_FirstAnswersWithAnErrorAndTheLastCannotBeReached_Is502ThatNamesTheLast()
    {
        await using var first = await FailingAsync(500, ("x-of-the-first", "1"));
        await using var gateway = await PairAsync(first.BaseUrl, "http://127.0.0.1:9/v1");

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        response.Headers.Contains("x-of-the-first").ShouldBeFalse();
        var error = Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("upstream_unreachable");
        error.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("'p1'");
    }

    [Fact]
    public async Task Chat_FallenBack_LogTellsTheAttempts()
    {
        using var logs = new CapturedLogs();
        await using var first = await FailingAsync(503);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Pair(first.BaseUrl, second.BaseUrl), logs: logs);

        using var response = await gateway.SendAsync(Body, key: null, ("x-request-id", "one-of-mine"));

        var done = (await logs.OfAsync("RequestCompleted", 1))[0];
        (done.Fields["Provider"], done.Fields["Attempts"]).ShouldBe(("p1", 2));
        var attempt = logs.Of("TryingNext").ShouldHaveSingleItem();
        (attempt.Fields["RequestId"], attempt.Fields["Provider"], attempt.Fields["Status"]).ShouldBe(("one-of-mine", "p0", 503));
    }

    [Fact]
    public async Task Chat_FallenBack_OneIdInAllEventsAndAtTheClient()
    {
        using var logs = new CapturedLogs();
        await using var first = await FailingAsync(503);
        await using var second = await ScriptedUpstream.StartAsync((context, _) =>
        {
            context.Response.Headers["x-request-id"] = "of-the-second";
            return AnswerAsync(context, 200);
        });
        await using var gateway = await TestGateway.StartAsync(Pair(first.BaseUrl, second.BaseUrl), logs: logs);

        using var response = await gateway.SendAsync(Body);

        var id = response.Headers.GetValues("x-request-id").Single();
        (await logs.OfAsync("RequestCompleted", 1))[0].Fields["RequestId"].ShouldBe(id);
        logs.Of("TryingNext").Single().Fields["RequestId"].ShouldBe(id);
        response.Headers.GetValues("x-upstream-request-id").ShouldBe(["of-the-second"]);
    }

    [Fact]
    public async Task Chat_ProviderThatFailsAgainAndAgain_RestsAndIsTriedByOneRequest()
    {
        await using var first = await FailingAsync(500);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);

        await SendAsync(gateway, 6);
        first.Requests.Count.ShouldBe(3, "then it rests");

        _time.Advance(TimeSpan.FromSeconds(5));
        await SendAsync(gateway, 3);
        first.Requests.Count.ShouldBe(4, "one tries");
        second.Requests.Count.ShouldBe(9);
    }

    [Fact]
    public async Task Chat_ProviderHasRestedAndIsWell_IsTheFirstChoiceAgain()
    {
        var isWell = false;
        await using var first = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, isWell ? 200 : 500));
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);
        await SendAsync(gateway, 4);

        isWell = true;
        _time.Advance(TimeSpan.FromSeconds(5));
        await SendAsync(gateway, 4);

        (first.Requests.Count, second.Requests.Count).ShouldBe((3 + 4, 4));
    }

    [Fact]
    public async Task Chat_EveryProviderRests_TheyAreTriedAllTheSame()
    {
        await using var first = await FailingAsync(500);
        await using var second = await FailingAsync(501);
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);
        await SendAsync(gateway, 3, HttpStatusCode.NotImplemented);

        await SendAsync(gateway, 1, HttpStatusCode.NotImplemented);

        (first.Requests.Count, second.Requests.Count).ShouldBe((4, 4));
    }

    [Fact]
    public async Task Chat_RateLimits_PutNobodyToRest()
    {
        await using var first = await FailingAsync(429, ("Retry-After", "60"));
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);

        await SendAsync(gateway, 5);

        first.Requests.Count.ShouldBe(5, "a limit is one key's, and the next request may have another");
    }

    [Fact]
    public async Task Chat_ClientLeavesWhileTheFirstIsSilent_NobodyElseIsTriedAndNothingIsBilled()
    {
        using var logs = new CapturedLogs();
        var arrived = new TaskCompletionSource();
        await using var first = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Pair(first.BaseUrl, second.BaseUrl), logs: logs);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        var request = gateway.Client.PostAsync("/v1/chat/completions", content, leaving.Token);
        await arrived.Task;

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => request);
        var done = (await logs.OfAsync("RequestCompleted", 1))[0];
        (done.Fields["Status"], done.Fields["Provider"], done.Fields["Attempts"]).ShouldBe((499, "p0", 1));
        second.Requests.ShouldBeEmpty();
    }

    // p0 fails once, so that p1 serves the first turn; its price decides who serves the second.
    [Theory]
    [InlineData(2, 0.2, 9, "p1")]
    [InlineData(2, 0.2, 900, "p0")]      // the answer there costs more than the prefix saves
    [InlineData(40, 3.0, 9, "p0")]       // reading there costs more than anew at p0
    public async Task Chat_FallbackServedTheConversation_NextTurnStaysWhileThatIsCheaper(double input, double read, double output, string expected)
    {
        var failures = 1;
        await using var first = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, Interlocked.Decrement(ref failures) >= 0 ? 500 : 200));
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Pair(first.BaseUrl, second.BaseUrl, FormattableString.Invariant(
            $$""", "Prices": [ { "Provider": "p0", "Model": "*", "Input": 2, "CacheRead": 0.2, "Output": 9 }, { "Provider": "p1", "Model": "*", "Input": {{input}}, "CacheRead": {{read}}, "Output": {{output}} } ]""")), _time);
        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"))).ShouldBe("p1");

        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C"))).ShouldBe(expected);
        (await ProviderAsync(gateway, ("system", "S"), ("user", "another conversation"))).ShouldBe("p0");
    }

    [Fact]
    public async Task Chat_HolderOfTheConversationIsDown_TheFirstChoiceServes()
    {
        var (failures, isDown) = (1, false);
        await using var first = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, Interlocked.Decrement(ref failures) >= 0 ? 500 : 200));
        await using var second = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, isDown ? 500 : 200));
        await using var gateway = await PairAsync(first.BaseUrl, second.BaseUrl);
        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"))).ShouldBe("p1");
        isDown = true;
        for (var i = 0; i < 3; i++)
        {
            using var named = await gateway.SendAsync(Bodies.Chat("p1/m", stream: false, ("user", "x")));
            named.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C"))).ShouldBe("p0");

        second.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Chat_PromptTooShortToBeCachedThere_StaysWithNobody()
    {
        var failures = 1;
        await using var first = await ScriptedUpstream.StartAsync((context, _) => AnswerAsync(context, Interlocked.Decrement(ref failures) >= 0 ? 500 : 200));
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Pair(first.BaseUrl, second.BaseUrl, policy: "openai"), _time);
        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"))).ShouldBe("p1");

        (await ProviderAsync(gateway, ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C"))).ShouldBe("p0");
    }

    private static async Task<string> ProviderAsync(TestGateway gateway, params (string, string)[] messages)
    {
        using var response = await gateway.SendAsync(Bodies.Chat(messages));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return response.Headers.GetValues("x-promptcache-provider").Single();
    }

    private static async Task SendAsync(TestGateway gateway, int count, HttpStatusCode expected = HttpStatusCode.OK)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await gateway.SendAsync(Bodies.Chat(("user", $"Question {i} of {Guid.NewGuid()}")));
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(expected);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(status == 200 ? Replies.Json : "{}", context.RequestAborted);
    }

    private static Task<ScriptedUpstream> FailingAsync(int status, params (string Name, string Value)[] headers)
        => ScriptedUpstream.StartAsync((context, _) =>
        {
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return AnswerAsync(context, status);
        });

    private static string Pair(string first, string second, string more = "", string policy = "electron") => $$"""
        { "PromptCache": {
            "Providers": {
                "p0": { "Protocol": "openai", "BaseUrl": "{{first}}", "ApiKey": "none", "CachePolicy": "{{policy}}" },
                "p1": { "Protocol": "openai", "BaseUrl": "{{second}}", "ApiKey": "none", "CachePolicy": "{{policy}}" } },
            "Models": [ { "Match": "electron", "Providers": [ "p0", "p1" ] } ] {{more}} } }
        """;

    private Task<TestGateway> PairAsync(string first, string second) => TestGateway.StartAsync(Pair(first, second), _time);
}
