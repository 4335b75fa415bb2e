using System.Net;
using System.Net.Sockets;
using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Upstreams that fail, or answer oddly.</summary>
public sealed class UpstreamErrorTests
{
    private static readonly string Body = Bodies.Chat(("user", "hi"));
    private static readonly string Impatient = """ "CachePolicy": "electron", "Usage": "store", "Timeout": "1s" """;

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("401 Unauthorized")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    public async Task Chat_UpstreamError_PassesUnchangedAndRecordsNothing(string status)
    {
        const string error = "{ \"error\" : {\"message\":\"no\\u0021\",\"type\":\"t\",\"param\":null,\"code\":7} }\n";
        var answer = Replies.Http(status, error, "Content-Type: application/json; charset=utf-8; odd=1\r\nRetry-After: 7\r\nx-ratelimit-remaining-tokens: 0\r\nx-request-id: up-1");
        await using var upstream = new RawUpstream(async (head, connection, stop) =>
        {
            await RawUpstream.SkipBodyAsync(head, connection, stop);
            await connection.WriteAsync(Encoding.UTF8.GetBytes(answer), stop);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(error);
        answer = Replies.Http("200 OK", Replies.Json);
        var next = await gateway.ChatAsync(Body);

        ((int)response.StatusCode).ShouldBe(int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture));
        response.Headers.GetValues("Retry-After").ShouldBe(["7"]);
        response.Headers.GetValues("x-ratelimit-remaining-tokens").ShouldBe(["0"]);
        response.Headers.GetValues("x-request-id").ShouldBe(["up-1"]);
        response.Content.Headers.NonValidated["Content-Type"].ToString().ShouldBe("application/json; charset=utf-8; odd=1");
        next.Cached.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_ConnectionRefused_Is502()
        => await RefusedAsync("http://127.0.0.1:9/v1", HttpStatusCode.BadGateway, "upstream_unreachable");

    [Fact]
    public async Task Chat_ConnectionBlackHoled_Is504()
    {
        // A listener that accepts nothing and whose queue is full drops what knocks.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);

        await RefusedAsync($"http://{listener.LocalEndPoint}/v1", HttpStatusCode.GatewayTimeout, "upstream_timeout");
    }

    [Theory]
    [InlineData("hang", false)]
    [InlineData("hang", true)]
    [InlineData("hang-after-headers", false)]
    [InlineData("hang-after-headers", true)]
    public async Task Chat_UpstreamSilent_Is504(string fault, bool stream)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = fault }, cancellationToken: TestContext.Current.CancellationToken);
        await RefusedAsync(upstream.BaseUrl, HttpStatusCode.GatewayTimeout, "upstream_timeout", stream);
    }

    [Theory]
    [InlineData("connect-reset")]
    [InlineData("cut")]
    public async Task Chat_UpstreamBreaksOffBeforeTheClientSawAnything_Is502(string fault)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = fault }, cancellationToken: TestContext.Current.CancellationToken);
        await RefusedAsync(upstream.BaseUrl, HttpStatusCode.BadGateway, "upstream_unreachable");
    }

    [Theory]
    [InlineData("200 OK", "Content-Type: application/json", "{\"choices\":[{")]
    [InlineData("200 OK", "Content-Type: application/json", "")]
    [InlineData("200 OK", "Content-Type: text/html", "<b>{}</b>")]
    [InlineData("200 OK", "Content-Type: application/json\r\nContent-Encoding: zstd", "{\"choices\":[]}")]
    [InlineData("200 OK", "x-none: 1", "no type")]
    [InlineData("201 Created", "Content-Type: application/json", "[1, 2]")]
    [InlineData("302 Found", "Location: http://elsewhere/", "moved")]
    public async Task Chat_OddReply_PassesUnchanged(string status, string headers, string body)
    {
        await using var upstream = RawUpstream.Answering(Replies.Http(status, body, headers));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head($"Content-Length: {Body.Length}\r\nConnection: close") + Body);
        var answer = await client.ReadUntilAsync("never");

        answer.ShouldStartWith($"HTTP/1.1 {status}\r\n");
        headers.Split("\r\n").ShouldAllBe(h => answer.Contains(h + "\r\n", StringComparison.Ordinal));
        answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].ShouldBe(body, customMessage: answer);
        answer.ShouldContain($"Content-Length: {body.Length}\r\n");
    }

    [Fact]
    public async Task Chat_NoContent_Passes()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Chat_ReplyBeyondTheLimit_PassesUnread()
    {
        var reply = Replies.Json.Replace("Hello there.", new string('x', 5000), StringComparison.Ordinal);
        await using var upstream = await ScriptedUpstream.WithJsonAsync(reply);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: """ "Limits": { "MaxResponseBytes": 1024 } """);

        using var response = await gateway.SendAsync(Body);

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(reply);
    }

    [Fact]
    public async Task Chat_AnswerBeforeTheBodyWasRead_ReachesTheClient()
    {
        await using var upstream = new RawUpstream(async (_, connection, stop) => await connection.WriteAsync(Encoding.UTF8.GetBytes(Replies.Http("401 Unauthorized", "{\"error\":{}}")), stop));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{\"error\":{}}");
    }

    private static async Task RefusedAsync(string baseUrl, HttpStatusCode status, string code, bool stream = false)
    {
        await using var gateway = await TestGateway.InFrontOfAsync(baseUrl, provider: Impatient);

        using var response = await gateway.SendAsync(Bodies.Chat("electron", stream, ("user", "hi")));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(status, text);
        Bodies.Json(text).GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
    }
}
