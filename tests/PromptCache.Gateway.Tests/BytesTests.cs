using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>What the client sent is what the upstream receives.</summary>
public sealed class BytesTests
{
    private const string Plain = """{"model":"electron","messages":[{"role":"user","content":"hi"}]}""";

    public static TheoryData<string> OddBodies => new(
        Plain,
        "\r\n\t { \"messages\" :\n[ {\"content\"\t:\"hi\" , \"role\":\"user\"} ] ,\"model\":  \"electron\" }  \n",
        """{"temperature":1.0e2,"top_p":1E-1,"n":1.0,"seed":123456789012345678901234567890,"x":-0,"model":"electron","messages":[{"role":"user","content":"hi"}]}""",
        """{"model":"electron","user":"a","user":"b","messages":[{"role":"user","content":"hi"}]}""",
        """{"model":"electron","never_heard_of":{"a":[1,{"b":null}],"":true},"messages":[{"role":"user","content":"hi","future":{"x":1}}],"zz":[]}""",
        """{"mod\u0065l":"el\u0065ctron","messages":[{"role":"user","content":"\u0041\ud83d\ude00\/\b\"\\ 日本 😀 \ud800"}]}""",
        """{"model":"electron","messages":[{"role":"user","content":""},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0}"}}]},{"role":"tool","tool_call_id":"c","content":"x"}]}""",
        """{"model":"electron","stream":true,"stream_options":{ "include_usage" : true , "x":1},"messages":[{"role":"user","content":"hi"}]}""",
        """{"model":"electron","stream":false,"stream_options":null,"messages":[{"role":"user","content":"hi"}]}""");

    [Theory]
    [MemberData(nameof(OddBodies))]
    public async Task Chat_OddBody_ReachesTheUpstreamAsItIs(string body)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var request = upstream.Requests.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(request.Body).ShouldBe(body);
        request.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(body));
    }

    [Fact]
    public async Task Chat_LongBody_ReachesTheUpstreamAsItIs()
    {
        var random = new Random(20261121);
        var text = new StringBuilder();
        while (text.Length < 400_000)
        {
            text.Append((char)random.Next(0x20, 0x2FFF));
        }

        var body = Bodies.Chat(("system", text.ToString()), ("user", "hi"));
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.ShouldHaveSingleItem().Body.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(body)).ShouldBeTrue("seed 20261121");
    }

    [Fact]
    public async Task Chat_BodyWithEverySplice_ChangesNothingElse()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) => { context.Response.ContentType = "text/event-stream"; return Task.CompletedTask; });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: """ "Models": [ { "Match": "fast", "Providers": ["sim"], "Model": "gpt-5-mini" } ] """);

        using var response = await gateway.SendAsync(
            """{ "usage": {"include":true} , "temperature": 1.0e0, "model" : "fast","provider":{"order":["sim"]},"stream":true, "messages":[ {"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]} ],"x":1 }""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var request = upstream.Requests.ShouldHaveSingleItem();
        var sent = Encoding.UTF8.GetString(request.Body);
        sent.ShouldBe("""{ "temperature": 1.0e0, "model" : "gpt-5-mini","stream":true, "messages":[ {"role":"user","content":[{"type":"text","text":"hi"}]} ],"x":1,"stream_options":{"include_usage":true} }""", customMessage: sent);
        request.Headers.ContentLength.ShouldBe(request.Body.Length);
    }

    [Theory]
    [InlineData("""{"model":"electron","stream":true,"messages":[]""")]
    [InlineData("""{"stream_options":{"include_usage":false},"stream":true,"model":"electron","messages":[]""")]
    [InlineData("""{"stream_options":{},"stream":true,"model":"electron","messages":[]""")]
    [InlineData("""{"stream_options":null,"stream":true,"model":"electron","messages":[]""")]
    public async Task Chat_StreamThatDidNotAskForUsage_AsksForItUpstream(string start)
    {
        var body = start.Replace("[]", """[{"role":"user","content":"hi"}]""", StringComparison.Ordinal) + "}";
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) => { context.Response.ContentType = "text/event-stream"; return Task.CompletedTask; });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = Encoding.UTF8.GetString(upstream.Requests.ShouldHaveSingleItem().Body);
        Bodies.Json(sent).GetProperty("stream_options").GetProperty("include_usage").GetBoolean().ShouldBeTrue(sent);
    }

    [Fact]
    public async Task Chat_BodyCutAtEveryByte_ReachesTheUpstreamAsItIs()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var body = Encoding.UTF8.GetBytes("""{"model":"electron","messages":[{"role":"user","content":"é😀\u00e9"}]}""");
        for (var cut = 0; cut <= body.Length; cut++)
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync(RawClient.Head($"Content-Length: {body.Length}\r\nConnection: close"));
            await client.SendAsync(body.AsMemory(0, cut));
            await client.SendAsync(body.AsMemory(cut));

            (await client.ReadUntilAsync("cost_details")).ShouldStartWith("HTTP/1.1 200", customMessage: $"cut at {cut}");
        }

        upstream.Requests.Count.ShouldBe(body.Length + 1);
        upstream.Requests.ShouldAllBe(r => r.Body.SequenceEqual(body));
    }

    [Fact]
    public async Task Chat_ChunkedBodyOfSingleBytes_ReachesTheUpstreamAsItIs()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head("Transfer-Encoding: chunked\r\nTrailer: x-sum"));
        foreach (var letter in Plain)
        {
            await client.SendAsync($"1;ext=1\r\n{letter}\r\n");
        }

        await client.SendAsync("0\r\nx-sum: 1\r\n\r\n");

        (await client.ReadUntilAsync("cost_details")).ShouldStartWith("HTTP/1.1 200");
        var request = upstream.Requests.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(request.Body).ShouldBe(Plain);
        request.Headers.ContentLength.ShouldBe(Plain.Length);
        request.Headers.TransferEncoding.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_ExpectContinue_IsAnsweredAndServed()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head($"Content-Length: {Plain.Length}\r\nExpect: 100-continue"));
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        await client.SendAsync(Plain);

        (await client.ReadUntilAsync("cost_details")).ShouldStartWith("HTTP/1.1 200");
        var request = upstream.Requests.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(request.Body).ShouldBe(Plain);
        request.Headers.ContainsKey("Expect").ShouldBeFalse("the whole body is at hand");
    }

    [Fact]
    public async Task Chat_ManyRequestsOnOneConnection_AreEachServed()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        // Pipelined: the second request is in the buffer while the first one is served.
        await client.SendAsync(string.Concat(Enumerable.Repeat(RawClient.Head($"Content-Length: {Plain.Length}") + Plain, 3)) + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var answers = await client.ReadUntilAsync("never");

        answers.Split("HTTP/1.1 200").Length.ShouldBe(5, answers);
        upstream.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Chat_Headers_ReachTheUpstreamExceptThoseOfTheHopAndOurs()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Plain, key: null,
            ("OpenAI-Organization", "org-1"), ("OpenAI-Beta", "a=1"), ("User-Agent", "test/1"), ("x-request-id", "mine-1"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("Keep-Alive", "timeout=5"), ("Proxy-Authorization", "Basic x"), ("TE", "trailers"), ("x-promptcache-debug", "1"), ("x-promptcache-anything", "1"),
            ("Accept-Encoding", "gzip, br"), ("Host", "gateway.example"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var headers = upstream.Requests.ShouldHaveSingleItem().Headers;
        headers["OpenAI-Organization"].ToString().ShouldBe("org-1");
        headers["OpenAI-Beta"].ToString().ShouldBe("a=1");
        headers.UserAgent.ToString().ShouldBe("test/1");
        headers["x-request-id"].ToString().ShouldBe("mine-1");
        headers.TraceParent.ToString().ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
        headers.ContentType.ToString().ShouldBe("application/json");
        headers.Host.ToString().ShouldBe(new Uri(upstream.BaseUrl).Authority);
        headers.AcceptEncoding.ToString().ShouldBe("identity");
        headers.Keys.Where(k => k.StartsWith("x-promptcache-", StringComparison.OrdinalIgnoreCase) || k.ToLowerInvariant() is "keep-alive" or "proxy-authorization" or "te" or "connection" or "x-forwarded-for").ShouldBeEmpty();
        response.Headers.GetValues("x-request-id").ShouldBe(["mine-1"]);
    }

    [Fact]
    public async Task Chat_HeaderBeyondAscii_PassesByteByByteAndTheHopsOwnDoNot()
    {
        string? seen = null;
        await using var raw = new RawUpstream(async (head, connection, stop) =>
        {
            await RawUpstream.SkipBodyAsync(head, connection, stop);
            seen = head;
            await connection.WriteAsync(Encoding.UTF8.GetBytes(Replies.Http("200 OK", Replies.Json, "Content-Type: application/json\r\nx-name: Zoë")), stop);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(raw.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head($"Content-Length: {Plain.Length}\r\nConnection: x-hop\r\nx-hop: 1\r\nx-who: Zoë") + Plain);
        var answer = await client.ReadUntilAsync("cost_details");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("x-name: Zoë");
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(seen.ShouldNotBeNull())).ShouldContain("x-who: Zoë");
        seen.ShouldNotContain("x-hop", customMessage: "the Connection header names it");
    }

    [Theory]
    [InlineData("\"ApiKey\": \"own-key\"", "Bearer own-key")]
    [InlineData("\"ApiKey\": \"none\"", "")]
    [InlineData("\"CachePolicy\": \"none\"", "Bearer client-key")]
    public async Task Chat_Key_IsTheProvidersByItsMode(string provider, string expected)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{upstream.BaseUrl}\", {provider}"));

        using var bearer = await gateway.SendAsync(Plain, "client-key");
        using var header = await gateway.SendAsync(Plain, key: null, ("x-api-key", "client-key"));
        using var azure = await gateway.SendAsync(Plain, key: null, ("api-key", "client-key"));

        upstream.Requests.Count.ShouldBe(3);
        upstream.Requests.ShouldAllBe(r => r.Headers.Authorization.ToString() == expected);
        upstream.Requests.ShouldAllBe(r => !r.Headers.ContainsKey("x-api-key") && !r.Headers.ContainsKey("api-key"));
    }

    [Fact]
    public async Task Chat_KeyMissing_TakesTheClientsOrIsRefused()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{upstream.BaseUrl}\", \"ApiKey\": \"env:PROMPTCACHE_TEST_NEVER_SET\""));

        using var without = await gateway.SendAsync(Plain);
        using var with = await gateway.SendAsync(Plain, "client-key");

        without.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await without.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("provider_not_configured");
        with.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.ShouldHaveSingleItem().Headers.Authorization.ToString().ShouldBe("Bearer client-key");
    }

    [Fact]
    public async Task Chat_QueryString_ReachesTheUpstream()
    {
        var target = "";
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) =>
        {
            target = context.Request.Path + context.Request.QueryString;
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var content = new StringContent(Plain, MediaTypeHeaderValue.Parse("application/json"));

        using var response = await gateway.Client.PostAsync("/v1/chat/completions?api-version=2026-01-01&x=%2F", content, TestContext.Current.CancellationToken);

        target.ShouldBe("/v1/chat/completions?api-version=2026-01-01&x=%2F");
    }
}
