using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Faults;

public sealed class FaultTests
{
    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "invalid_request_error")]
    [InlineData(429, "requests")]
    [InlineData(500, "server_error")]
    [InlineData(503, "server_error")]
    public async Task Status_AskedFor_IsAnsweredInOpenAIsShape(int status, string type)
    {
        await using var simulator = await StartAsync();
        using var response = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", "x")), ("x-sim-error", $"{status}")));
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).Parse().Text("error", "type").ShouldBe(type);
        (response.Headers.RetryAfter is not null).ShouldBe(status is 429 or 503);
        response.Headers.Contains("x-ratelimit-remaining-requests").ShouldBe(status == 429);
    }

    [Fact]
    public async Task Status_ConfiguredForTwoRequests_RecoversAfterThem()
    {
        await using var simulator = await StartAsync(new() { Error = "503", ErrorTimes = 2 });
        int[] statuses =
        [
            (await simulator.PostAsync("/v1/chat/completions", Chat(("user", "x")))).Status,
            (await simulator.PostAsync("/v1/chat/completions", Chat(("user", "x")))).Status,
            (await simulator.PostAsync("/v1/chat/completions", Chat(("user", "x")))).Status,
        ];
        statuses.ShouldBe([503, 503, 200]);
    }

    [Theory]
    [InlineData("hang", false)]
    [InlineData("hang-after-headers", true)]
    public async Task Hang_ClientLeaves_IsCountedAsAborted(string fault, bool hasHeaders)
    {
        await using var simulator = await StartAsync();
        using var leave = new CancellationTokenSource();
        var body = Chat(("user", "x"));
        body["stream"] = true;
        var pending = simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", body, ("x-sim-error", fault)), HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await simulator.Host.WaitForRequestsAsync(1);
        if (hasHeaders)
        {
            using var response = await pending;
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            await using var stream = await response.Content.ReadAsStreamAsync();
            var read = stream.ReadAsync(new byte[1], leave.Token);
            await leave.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(async () => await read);
        }
        else
        {
            await leave.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(pending);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await simulator.Host.WaitForAbortsAsync(1, patience.Token);
        simulator.Host.AbortedRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Stream_ClientLeavesWhileItWaits_IsCountedAsAborted()
    {
        await using var simulator = await StartAsync(new() { TokensPerSecond = 1 });
        using var leave = new CancellationTokenSource();
        var body = Chat(("user", "x"));
        body["stream"] = true;
        using (await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", body), HttpCompletionOption.ResponseHeadersRead))
        {
            await simulator.Clock.NextWaitAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await simulator.Host.WaitForAbortsAsync(1, patience.Token);
    }

    [Theory]
    [InlineData("cut", 3, true)]
    [InlineData("cut", 0, true)]
    [InlineData("cut-mid-event", 3, false)]
    public async Task Cut_Stream_ArrivesUpToTheCutAndFails(string fault, int events, bool endsAtAnEvent)
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", "x"));
        body["stream"] = true;
        var (text, failed) = await ReadAsync(simulator, body, ("x-sim-error", fault), ("x-sim-error-after", $"{events}"));

        failed.ShouldBeTrue();
        text.Split("\n\n").Length.ShouldBe(events + 1);
        text.EndsWith("\n\n", StringComparison.Ordinal).ShouldBe(endsAtAnEvent && events > 0);
        simulator.Host.AbortedRequests.ShouldBe(0);
    }

    [Fact]
    public async Task Cut_WholeReply_IsHalfOfIt()
    {
        await using var simulator = await StartAsync();
        var (text, failed) = await ReadAsync(simulator, Chat(("user", "x")), ("x-sim-error", "cut"));
        failed.ShouldBeTrue();
        text.ShouldStartWith("{\"id\":\"chatcmpl-");
        Should.Throw<JsonException>(() => text.Parse());
    }

    [Fact]
    public async Task ConnectReset_GivesNoReply()
    {
        await using var simulator = await StartAsync();
        await Should.ThrowAsync<HttpRequestException>(simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", "x")), ("x-sim-error", "connect-reset"))));
        simulator.Host.AbortedRequests.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BadJson_IsCompleteButDoesNotParse(bool stream)
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", "x"));
        body["stream"] = stream;
        var (text, failed) = await ReadAsync(simulator, body, ("x-sim-error", "bad-json"));

        failed.ShouldBeFalse();
        string[] documents = stream ? [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Select(e => e["data: ".Length..])] : [text];
        documents.Count(d => !Parses(d)).ShouldBe(1);
        Parses(documents[stream ? 3 : 0]).ShouldBeFalse();
    }

    [Fact]
    public async Task BadSse_IsOddButWithinTheFormat()
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", "x"));
        body["stream"] = true;
        var (text, failed) = await ReadAsync(simulator, body, ("x-sim-error", "bad-sse"));

        failed.ShouldBeFalse();
        text.ShouldContain(": keep-alive");
        text.ShouldContain("data:{");
        text.ShouldContain("\r\n\r\n");
        text.ShouldContain("event: x-unheard-of");
        text.ShouldEndWith("[DONE]");
        var data = text.TrimStart('\uFEFF').Split('\n').Select(l => l.Trim('\r')).Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => l[5..].Trim());
        data.Count(d => Parses(d)).ShouldBe(202);
    }

    [Fact]
    public async Task ErrorEvent_StandsInTheMiddleAndEndsTheStream()
    {
        await using var simulator = await StartAsync();
        var events = await simulator.StreamAsync(Chat(("user", "x")), ("x-sim-error", "error-event"), ("x-sim-error-after", "2"));
        events.Length.ShouldBe(3);
        events[^1].Parse().Text("error", "type").ShouldBe("server_error");
    }

    [Fact]
    public async Task Dribble_ArrivesAsTheSameBytes()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 5 });
        (await simulator.StreamAsync(Chat(("user", "x")), ("x-sim-error", "dribble"))).Length.ShouldBe(1 + 5 + 1 + 1);
    }

    [Fact]
    public async Task Slow_EveryEventWaits()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 1 });
        var pending = simulator.StreamAsync(Chat(("user", "x")), ("x-sim-error", "slow"));
        for (var i = 0; i < 4; i++)
        {
            await simulator.Clock.NextWaitAsync();
            pending.IsCompleted.ShouldBeFalse();
            simulator.Clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        (await pending).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Gzip_IsSentUnasked()
    {
        await using var simulator = await StartAsync();
        using var response = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", "x")), ("x-sim-error", "gzip")));
        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        (await JsonDocument.ParseAsync(plain)).RootElement.Int("usage", "completion_tokens").ShouldBe(200);
    }

    [Fact]
    public async Task HugeHeaders_AreMoreThanAClientTakes()
    {
        await using var simulator = await StartAsync();
        await Should.ThrowAsync<HttpRequestException>(simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", "x")), ("x-sim-error", "huge-headers"))));
    }

    [Theory]
    [InlineData("html-502", 502, "text/html")]
    [InlineData("empty", 200, null)]
    public async Task Replaced_Reply_IsNoJson(string fault, int status, string? type)
    {
        await using var simulator = await StartAsync();
        using var response = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", "x")), ("x-sim-error", fault)));
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(type);
        Parses(await response.Content.ReadAsStringAsync()).ShouldBeFalse();
    }

    private static bool Parses(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Reads what arrives, and whether the reply ended as it should.
    private static async Task<(string Text, bool Failed)> ReadAsync(TestSimulator simulator, JsonNode body, params (string, string)[] headers)
    {
        using var response = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", body, headers), HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var arrived = new MemoryStream();
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                arrived.Write(buffer, 0, count);
            }

            return (Encoding.UTF8.GetString(arrived.ToArray()), false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return (Encoding.UTF8.GetString(arrived.ToArray()), true);
        }
    }
}
