using System.Globalization;
using System.Net;
using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Replies that are broken, mislabelled or not what was asked for: what the client gets, what is billed, what is logged.</summary>
public sealed class BrokenReplyTests
{
    private const string Usage = "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":3,\"total_tokens\":23}";
    private static readonly string Body = Bodies.Chat(("user", "hi"));
    private static readonly string Asks = Bodies.Chat("electron", stream: true, ("user", "hi"));
    private static readonly string Deep = "{\"choices\":[{\"message\":{\"content\":\"Hello there.\"}}]," + Usage + ",\"x\":" + new string('[', 10_000) + new string(']', 10_000) + "}";

    /// <summary>Bodies that pass as they came, with the output tokens that are billed.</summary>
    public static TheoryData<string, string, long, string> Unread => new()
    {
        { "application/json", "{\"choices\":[{\"message\":{\"content\":\"Hello there.", 3, "ResponseUnread" },
        { "application/json", "{\"choices\":[{\"message\":{\"content\":\"Hello there.\"}}]," + Usage + "} trailing", 3, "ResponseUnread" },
        { "application/json", "{\"choices\":[{\"message\":{\"content\":\"Hello there.\"}}]," + Usage + "}{}", 3, "ResponseUnread" },
        { "application/json", Deep, 3, "ResponseUnread" },
        { "application/json", "", 0, "ResponseTruncated" },
        { "application/json", "[1, 2]", 0, "ResponseUnread" },
        { "text/html", "<b>{}</b>", 0, "ResponseUnread" },
        { "text/plain", "internal error", 0, "ResponseTruncated" },
        { "application/octet-stream", "\u0001\u0002", 0, "ResponseUnread" },
    };

    [Theory]
    [MemberData(nameof(Unread))]
    public async Task Json_CannotBeRead_PassesAsItIsAndWhatCouldBeReadIsBilled(string type, string reply, long completion, string fault)
    {
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", reply, $"Content-Type: {type}"));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        (await response.TextAsync()).ShouldBe(reply);
        var record = await log.NextRequestAsync();
        record["Status"].ShouldBe(200);
        record["Error"].ShouldBe(fault);
        record["PromptTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        record["CompletionTokens"].ShouldBe(completion);
        record["Cost"].ShouldBeOfType<decimal>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("""{"error":{"message":"overloaded","code":503}}""")]
    [InlineData("""{"object":"list","data":[]}""")]
    public async Task Json_NoCompletion_IsNotBilled(string reply)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(reply);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        (await response.TextAsync()).ShouldBe(reply);
        var record = await log.NextRequestAsync();
        record["Cost"].ShouldBeNull();
        record["Error"].ShouldBe("");
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n", "400\r\n")]
    public async Task Json_Cut_Is502AndWhatWasGeneratedIsBilled(string framing, string start)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{framing}\r\n{start}" + "{\"choices\":[{\"message\":{\"content\":\"Hello there.");
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.TextAsync()).ShouldContain("upstream_unreachable");
        var record = await log.NextRequestAsync();
        record["Status"].ShouldBe(502);
        record["Error"].ShouldBe("ResponseBodyDestination");
        record["CompletionTokens"].ShouldBe(3L);
        record["Source"].ShouldBe("estimated");
        record["Cost"].ShouldBeOfType<decimal>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("application/json", "\uFEFF")]
    [InlineData("application/json", " \n\t ")]
    [InlineData("text/plain", "")]
    [InlineData("text/event-stream", "")]
    [InlineData("application/vnd.api+json; charset=utf-8", "")]
    public async Task Json_HoweverItIsLabelled_HasItsFigures(string type, string front)
    {
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", front + Replies.Json, $"Content-Type: {type}"));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(bytes);

        text.ShouldStartWith(front + Replies.Json[..^(Usage.Length + 1)]);
        var usage = Bodies.Json(text[front.Length..]);
        usage.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt64().ShouldBe(0);
        usage.GetProperty("cost_details").GetProperty("status").GetString().ShouldBe("exact");
        response.Content.Headers.ContentLength.ShouldBe(bytes.Length);
        response.Content.Headers.NonValidated["Content-Type"].ToString().ShouldBe(type);
    }

    [Theory]
    [InlineData("\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}," + Usage)]
    [InlineData("\"usage\":null," + Usage)]
    public async Task Json_UsageTwice_TheLastIsBilled(string usage)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("{\"choices\":[{\"message\":{\"content\":\"Hello\"}}]," + usage + "}");
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var figures = await gateway.ChatAsync(Body);

        (figures.Prompt, figures.Completion).ShouldBe((20, 3));
        figures.Total.ShouldBe((20 * 0.4m + 3 * 1.6m) / 1_000_000m);
    }

    [Fact]
    public async Task Stream_AnsweredWithJson_HasItsFigures()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var figures = await gateway.ChatAsync(Asks);

        (figures.Prompt, figures.Completion, figures.Source).ShouldBe((20, 3, "store"));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Json_AnsweredWithAStream_PassesAndIsBilled(string type)
    {
        var wire = Replies.Chunk("Hello") + Replies.Finish + Replies.Usage + Replies.Done;
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", wire, $"Content-Type: {type}"));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        // A chunk with usage alone is for clients that asked for it.
        (await response.TextAsync()).ShouldBe(Replies.Chunk("Hello") + Replies.Finish + Replies.Done);
        var record = await log.NextRequestAsync();
        record["CompletionTokens"].ShouldBe(3L);
        record["Error"].ShouldBe("");
    }

    [Fact]
    public async Task Stream_EndsWithoutAWord_IsLoggedAndBilledForWhatCame()
    {
        // Without a length the end of the connection is the end of the reply: nothing else tells that it was cut.
        await using var upstream = RawUpstream.Answering("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + Replies.Chunk("Hello there."));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Asks);

        (await response.TextAsync()).ShouldBe(Replies.Chunk("Hello there."), "no [DONE], and no figures that would pass for final ones");
        var record = await log.NextRequestAsync();
        record["Error"].ShouldBe("ResponseTruncated");
        record["CompletionTokens"].ShouldBe(3L);
        record["Cost"].ShouldBeOfType<decimal>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_ErrorEvent_OnlyWhatWasGeneratedIsBilled(bool begun)
    {
        const string Error = "data: {\"error\":{\"message\":\"overloaded\",\"code\":529}}\n\n";
        var wire = (begun ? Replies.Chunk("Hello there.") : "") + Error;
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", wire, "Content-Type: text/event-stream"));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Asks);

        (await response.TextAsync()).ShouldBe(wire);
        var record = await log.NextRequestAsync();
        record["Error"].ShouldBe("ResponseErrorEvent");
        record["CompletionTokens"].ShouldBe(begun ? 3L : null);
        (record["Cost"] is decimal).ShouldBe(begun);
    }

    [Theory]
    [InlineData("100 Continue")]
    [InlineData("102 Processing")]
    [InlineData("103 Early Hints")]
    public async Task Json_BehindInterimResponses_IsServed(string status)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 {status}\r\nLink: </x>\r\n\r\nHTTP/1.1 {status}\r\n\r\n" + Replies.Http("200 OK", Replies.Json));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await gateway.ChatAsync(Body)).Completion.ShouldBe(3);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: {0}\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200\r\ncontent-type:application/json\r\nConnection: close\r\n\r\n")]
    public async Task Json_HoweverItIsFramed_IsServed(string head)
    {
        await using var upstream = RawUpstream.Answering(string.Format(CultureInfo.InvariantCulture, head, Replies.Json.Length) + Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await gateway.ChatAsync(Body)).Completion.ShouldBe(3);
    }

    [Theory]
    [InlineData("204 No Content")]
    [InlineData("304 Not Modified")]
    public async Task NoBody_Passes(string status)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n");
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        ((int)response.StatusCode).ShouldBe(int.Parse(status[..3], CultureInfo.InvariantCulture));
        (await log.NextRequestAsync())["Cost"].ShouldBeNull();
    }

    [Fact]
    public async Task Redirect_IsTheClientsToFollow()
    {
        await using var upstream = RawUpstream.Answering(Replies.Http("307 Temporary Redirect", "", "Location: http://169.254.169.254/latest"));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head($"Content-Length: {Body.Length}\r\nConnection: close") + Body);
        var answer = await client.ReadUntilAsync("never");

        answer.ShouldStartWith("HTTP/1.1 307 ");
        answer.ShouldContain("Location: http://169.254.169.254/latest\r\n");
    }

    [Theory]
    [InlineData(30_000, 200)]
    [InlineData(70_000, 502)]
    public async Task HugeHeader_PassesOrIs502(int length, int status)
    {
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", Replies.Json, "Content-Type: application/json\r\nx-huge: " + new string('x', length)));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        ((int)response.StatusCode).ShouldBe(status, await response.TextAsync());
    }
}
