using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PromptCache.Gateway.Hosting;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>One event per request, whatever becomes of it; and never what was said.</summary>
public sealed class LogTests
{
    private const string Prompt = "walrus-umbrella-question";
    private const string Answer = "giraffe-lantern-answer";
    private const string ClientKey = "sk-client-key-0123456789";
    private const string ProviderKey = "sk-provider-key-0123456789";
    private const string Completion = $$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{Answer}}"} }],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22} }""";

    private static readonly string[] Fields =
    [
        "RequestId", "Path", "Status", "Provider", "Model", "UpstreamModel", "Tenant", "Stream", "PromptTokens", "CachedTokens", "WriteTokens", "Write1hTokens", "CompletionTokens",
        "ReasoningTokens", "Source", "StoreStatus", "Reason", "PredictedTokens", "Difference", "CostStatus", "Cost", "Saved", "FirstByteMs", "DurationMs", "Error",
    ];

    public static TheoryData<string, string, string, int> Requests => new()
    {
        { "POST", "/v1/chat/completions", Bodies.Chat(("user", Prompt)), 200 },
        { "POST", "/v1/chat/completions", "{ \"model\": 7", 400 },
        { "POST", "/v1/chat/completions", """{"model":"electron"}""", 400 },
        { "POST", "/v1/chat/completions", Bodies.Chat("nobody/has-it", stream: false, ("user", Prompt)), 404 },
        { "POST", "/v1/chat/completions", Bodies.Chat("down", stream: false, ("user", Prompt)), 502 },
        { "POST", "/v1/chat/completions", Bodies.Chat("keyless", stream: false, ("user", Prompt)), 503 },
        { "POST", "/v1/chat/completions", Bodies.Chat(("user", new string('x', 5000))), 413 },
        { "POST", "/v1/embeddings", $$"""{"input":"{{Prompt}}"}""", 200 },
        { "GET", "/v1/models", "", 200 },
        { "GET", "/nothing/here", "", 404 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_WhateverBecomesOfIt_IsOneEventWithAllFields(string method, string path, string body, int status)
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream), logs: logs);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null };
        request.Headers.Add("x-request-id", "mine-1");
        request.Headers.Add("x-promptcache-provider", "up");   // for the path that is passed through

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        var logged = (await logs.OfAsync("RequestCompleted", 1)).ShouldHaveSingleItem();
        Fields.ShouldAllBe(f => logged.Fields.ContainsKey(f));
        logged.Fields["Status"].ShouldBe(status);
        logged.Fields["Path"].ShouldBe(path);
        logged.Fields["RequestId"].ShouldBe("mine-1");
        ((string)logged.Fields["Error"]! == "").ShouldBe(status == 200);
    }

    [Fact]
    public async Task Request_Chat_TellsTheFigures()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream), logs: logs);

        var figures = await gateway.ChatAsync(Bodies.Chat(("user", Prompt)), ClientKey);

        var fields = (await logs.OfAsync("RequestCompleted", 1)).Single().Fields;
        (fields["PromptTokens"], fields["CachedTokens"], fields["CompletionTokens"], fields["Cost"], fields["CostStatus"], fields["Source"], fields["StoreStatus"])
            .ShouldBe((20L, 0L, 2L, figures.Total, "exact", "store", "miss"));
        (fields["Provider"], fields["Model"], fields["UpstreamModel"], fields["Stream"]).ShouldBe(("up", "electron", "electron", false));
        ((double)fields["DurationMs"]!).ShouldBeGreaterThanOrEqualTo((double)fields["FirstByteMs"]!);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/embeddings")]
    public async Task Request_UpstreamNamesIt_IsFoundByTheIdThatTheClientSees(string path)
    {
        using var logs = new CapturedLogs();
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", Replies.Json, "Content-Type: application/json\r\nx-request-id: req_theirs"));
        await using var gateway = await TestGateway.StartAsync(new ServeSettings { ConfigText = Configuration(upstream.BaseUrl) }, logs);
        using var content = new StringContent(Bodies.Chat(("user", Prompt)), Encoding.UTF8, "application/json");

        content.Headers.Add("x-promptcache-provider", "up");   // for the path that is passed through

        using var response = await gateway.Client.PostAsync(path, content, TestContext.Current.CancellationToken);

        response.Headers.GetValues("x-request-id").ShouldBe(["req_theirs"]);
        (await logs.OfAsync("RequestCompleted", 1)).ShouldHaveSingleItem().Fields["RequestId"].ShouldBe("req_theirs");
    }

    [Fact]
    public async Task Request_ClientLeavesMidStream_IsOneEventWith499()
    {
        using var logs = new CapturedLogs();
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream), logs: logs);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using (var response = await gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", Prompt))))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await stream.ReadUntilAsync("first");
        }

        (await logs.OfAsync("RequestCompleted", 1)).ShouldHaveSingleItem().Fields["Status"].ShouldBe(499);
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{\"model\"", 499)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    public async Task Request_BodyThatEndsEarlyOrIsBroken_IsOneEvent(string rest, int status)
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream), logs: logs);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + rest), TestContext.Current.CancellationToken);
            if (status == 499)
            {
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            else
            {
                await client.GetStream().ReadUntilAsync("400");
            }
        }

        var logged = (await logs.OfAsync("RequestCompleted", 1)).ShouldHaveSingleItem();
        if (status == 499)
        {
            // A reset reaches the server as a client that left, or as a body that ended: it is a race in the socket layer which of them is seen first.
            logged.Fields["Status"].ShouldBeOneOf(499, 400);
        }
        else
        {
            logged.Fields["Status"].ShouldBe(status);
        }

        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_AtTraceLevel_HoldsNoPromptNoCompletionAndNoKey()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        var pieces = Channel.CreateUnbounded<string>();
        await using var streaming = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await TestGateway.StartAsync(new ServeSettings { ConfigText = Configuration(upstream, streaming) }, logs, LogLevel.Trace);
        pieces.Writer.TryWrite(Streams.Text(Answer));
        pieces.Writer.Finish();

        foreach (var body in (string[])[Bodies.Chat(("user", Prompt)), Bodies.Chat("stream", stream: true, ("user", Prompt)), $$"""{"model":"electron","messages":"{{Prompt}}"}""", $$"""{"messages":[{"role":"{{Prompt}}" """])
        {
            using var response = await gateway.SendAsync(body, ClientKey);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }

        await logs.OfAsync("RequestCompleted", 4);
        logs.Events.Count(e => e.Level < LogLevel.Information).ShouldBeGreaterThan(10, "nothing was captured below Information");
        foreach (var secret in (string[])["walrus", "giraffe", ClientKey, ProviderKey])
        {
            logs.Events.ShouldAllBe(e => !e.Text.Contains(secret, StringComparison.OrdinalIgnoreCase) && !e.Fields.Values.Any(v => (v == null ? "" : v.ToString()!).Contains(secret, StringComparison.OrdinalIgnoreCase)), secret);
        }
    }

    [Fact]
    public async Task Log_AtTraceLevel_HoldsNoKeyOfAnAddress_NorDoesAnythingElseThatOperatorsRead()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(new ServeSettings { ConfigText = $$"""
            { "PromptCache": { "Providers": {
                "up": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}?key={{ProviderKey}}", "ApiKey": "none" },
                "down": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1?key={{ProviderKey}}", "ApiKey": "none" } }, "DefaultProvider": "up" } }
            """ }, logs, LogLevel.Trace);

        var seen = new StringBuilder();
        foreach (var (method, path, body) in ((string, string, string)[])
            [
                ("POST", "/v1/chat/completions", Bodies.Chat(("user", Prompt))), ("POST", "/v1/chat/completions", Bodies.Chat("down/m", stream: false, ("user", Prompt))),
                ("POST", "/v1/responses", "{}"), ("GET", "/v1/models", ""), ("GET", "/nothing", ""), ("GET", "/promptcache/config", ""), ("GET", "/readyz", ""), ("GET", "/metrics", ""),
            ])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?key={ClientKey}") { Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null };
            using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            seen.Append(response.Headers).Append(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        await logs.OfAsync("RequestCompleted", 5);
        upstream.Requests.Count.ShouldBe(3, "the keys did reach the provider");
        foreach (var secret in (string[])[ClientKey, ProviderKey])
        {
            seen.ToString().ShouldNotContain(secret);
            logs.Events.ShouldAllBe(e => !e.Text.Contains(secret, StringComparison.Ordinal) && !e.Fields.Values.Any(v => (v == null ? "" : v.ToString()!).Contains(secret, StringComparison.Ordinal)), secret);
        }
    }

    [Fact]
    public async Task Log_NamesWithLineEnds_WriteNoLinesOfTheirOwn()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream), logs: logs);

        using var first = await gateway.SendAsync(Bodies.Chat("a\n12:00:00 INF forged\u2028" + new string('m', 1000), stream: false, ("user", "Hello.")));
        using var second = await gateway.Client.GetAsync("/v1/x%0Aforged", TestContext.Current.CancellationToken);

        (await logs.OfAsync("RequestCompleted", 2)).ShouldAllBe(e => !e.Text.Any(c => char.IsControl(c) || c == '\u2028') && e.Text.Length < 1000);
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("Text")]
    public async Task Console_InEitherForm_HoldsTheEvent(string format)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        using var folder = new ConfigFolder(Configuration(upstream));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName, ("PromptCache__Log__Format", format), ("Serilog__MinimumLevel__Default", "Debug"));
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent(Bodies.Chat(("user", Prompt))), TestContext.Current.CancellationToken);
        await Eventually.Is(() => gateway.Output.Contains("/v1/chat/completions", StringComparison.Ordinal), "the event is written");

        var lines = gateway.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        var line = lines.Where(l => l.Contains("/v1/chat/completions", StringComparison.Ordinal)).ShouldHaveSingleItem();
        if (format == "Json")
        {
            lines.ShouldAllBe(l => Bodies.Json(l).ValueKind == JsonValueKind.Object);
            var properties = Bodies.Json(line).GetProperty("Properties");
            properties.GetProperty("PromptTokens").GetInt64().ShouldBe(20);
            properties.GetProperty("Cost").ValueKind.ShouldBe(JsonValueKind.Number);
            properties.GetProperty("EventId").GetProperty("Name").GetString().ShouldBe("RequestCompleted");
        }
        else
        {
            line.ShouldContain("prompt=20");
        }
    }

    private static string Configuration(ScriptedUpstream upstream, ScriptedUpstream? streaming = null) => Configuration(upstream.BaseUrl, streaming?.BaseUrl);

    private static string Configuration(string upstream, string? streaming = null) => $$"""
        { "PromptCache": {
            "Limits": { "MaxBodyBytes": 4096 },
            "Providers": {
              "up": { "Protocol": "openai", "BaseUrl": "{{upstream}}", "ApiKey": "{{ProviderKey}}", "CachePolicy": "electron", "Usage": "store" },
              "streaming": { "Protocol": "openai", "BaseUrl": "{{streaming ?? upstream}}", "CachePolicy": "electron", "Usage": "store" },
              "down": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" },
              "keyless": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "env:PROMPTCACHE_NOT_SET" } },
            "Models": [ { "Match": "down", "Providers": ["down"] }, { "Match": "keyless", "Providers": ["keyless"] }, { "Match": "stream", "Providers": ["streaming"] },
                        { "Match": "electron", "Providers": ["up"] }, { "Match": "a*", "Providers": ["up"] } ],
            "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ] } }
        """;
}
