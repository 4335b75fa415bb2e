using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Clients that send too much, too little, twice, or leave.</summary>
public sealed class HostileClientTests
{
    private const string Plain = """{"model":"electron","messages":[{"role":"user","content":"hi"}]}""";
    private const string SmallBodies = """ "Limits": { "MaxBodyBytes": 1024 } """;

    [Theory]
    [InlineData(1024, true, 200)]
    [InlineData(1024, false, 200)]
    [InlineData(1025, true, 413)]
    [InlineData(1025, false, 413)]
    public async Task Body_AtTheLimit_IsServedAndOneByteMoreIsNot(int length, bool hasLength, int status)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: SmallBodies);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        var body = Plain + new string(' ', length - Plain.Length);

        await client.SendAsync(RawClient.Head((hasLength ? $"Content-Length: {length}" : "Transfer-Encoding: chunked") + "\r\nConnection: close") + (hasLength ? body : $"{length:x}\r\n{body}\r\n0\r\n\r\n"));

        (await client.ReadUntilAsync("never")).ShouldStartWith($"HTTP/1.1 {status} ");
        upstream.Requests.Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task Body_AtTheDefaultLimit_ReachesTheUpstreamWhole()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var body = Plain + new string(' ', (32 << 20) - Plain.Length);

        using var exact = await gateway.SendAsync(body);
        using var over = await gateway.SendAsync(body + " ");

        exact.StatusCode.ShouldBe(HttpStatusCode.OK);
        over.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        upstream.Requests.ShouldHaveSingleItem().Body.Length.ShouldBe(32 << 20);
    }

    [Theory]
    [InlineData("", "{", "400")]
    [InlineData("", """{"model":"electron","model":"x","messages":[{"role":"user","content":"hi"}]}""", "400")]
    [InlineData("Content-Encoding: gzip\r\n", "some bytes that are never read", "415")]
    [InlineData("", "too long", "413")]
    public async Task KeepAlive_BehindARefusal_TheConnectionServesTheNextRequest(string header, string body, string status)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: SmallBodies);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        body = body == "too long" ? new string(' ', 5000) : body;

        // Pipelined: what is left of the refused body must not be taken for a request.
        await client.SendAsync(RawClient.Head($"{header}Content-Length: {body.Length}") + body + RawClient.Head($"Content-Length: {Plain.Length}\r\nConnection: close") + Plain);
        var answers = await client.ReadUntilAsync("never");

        answers.ShouldStartWith($"HTTP/1.1 {status} ");
        answers.Split("HTTP/1.1 ").Length.ShouldBe(3, answers);
        answers.ShouldContain("HTTP/1.1 200 OK");
        upstream.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"temperature\":NaN")]
    [InlineData("\"temperature\":Infinity")]
    [InlineData("\"temperature\":01")]
    [InlineData("\"x\":\"\u0001\"")]
    [InlineData("\"x\":\"\\ud83\"")]
    public async Task Body_NoJson_Is400(string member)
        => await RefusedAsync(Encoding.UTF8.GetBytes(Plain[..^1] + "," + member + "}"), "invalid_json", null);

    [Fact]
    public async Task Body_InvalidUtf8OrMarked_Is400()
    {
        await RefusedAsync([.. Encoding.UTF8.GetBytes(Plain[..^4]), 0xFF, .. Encoding.UTF8.GetBytes(Plain[^4..])], "invalid_json", null);
        await RefusedAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Plain)], "invalid_json", null);
    }

    [Theory]
    [InlineData("""{"model":"cheap","messages":[{"role":"user","content":"x"}],"model":"dear"}""", "model")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"known","content":"new"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","stream":true,"stream":false,"messages":[{"role":"user","content":"x"}]}""", "stream")]
    public async Task Body_FieldTwice_Is400(string body, string param) => await RefusedAsync(Encoding.UTF8.GetBytes(body), "repeated_parameter", param);

    [Fact]
    public async Task Body_FieldInAnotherCase_Is400()
        => await RefusedAsync("""{"model":"cheap","Model":"dear","messages":[{"role":"user","content":"x"}]}"""u8.ToArray(), "misspelt_parameter", "model");

    [Fact]
    public async Task Upload_ClientLeaves_NothingIsForwarded()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync(RawClient.Head("Content-Length: 100000") + Plain);
        }

        var record = await log.NextRequestAsync();

        record["Status"].ShouldBeOneOf(499, 400);
        upstream.Requests.ShouldBeEmpty();
        log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wait_ClientLeaves_TheUpstreamIsCancelled()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "hang" }, cancellationToken: TestContext.Current.CancellationToken);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync(RawClient.Head($"Content-Length: {Plain.Length}") + Plain);
            await Eventually.Is(() => upstream.ArrivedRequests == 1, "the upstream has the request");
        }

        await upstream.WaitForAbortsAsync(1, TestContext.Current.CancellationToken);

        (await log.NextRequestAsync())["Status"].ShouldBe(499);
        log.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/chat/completions/")]
    [InlineData("/V1/Chat/Completions")]
    [InlineData("/v1/./chat/x/../completions")]
    [InlineData("/v1/ch%61t/completions")]
    public async Task Path_SpeltOtherwise_IsMetered(string path)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await ExchangeAsync(gateway, "POST", path)).ShouldContain("cost_details");

        upstream.Requests.ShouldHaveSingleItem().Path.ShouldBe("/v1/chat/completions");
    }

    [Theory]
    [InlineData("/v1//chat/completions")]
    [InlineData("/v1/chat%2Fcompletions")]
    [InlineData("/v1/chat%5ccompletions")]
    [InlineData("/v1/chat/completions;x=1")]
    [InlineData("/v1/chat/completions%20")]
    [InlineData("/v1/files/..%2Fchat/completions")]
    [InlineData("/v1/%252e%252e/v1/messages")]
    public async Task Path_Disguised_Is404AndNothingIsForwarded(string path)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await ExchangeAsync(gateway, "POST", path)).ShouldContain("ambiguous_path");

        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    public async Task Chat_OtherMethods_GoThrough(string method)
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var answer = await ExchangeAsync(gateway, method, "/v1/chat/completions?x=1", body: "");

        answer.ShouldStartWith("HTTP/1.1 405 ");
        answer.ShouldContain("Allow: POST\r\n");
        upstream.Requests.ShouldHaveSingleItem().Method.ShouldBe(method);
    }

    private static async Task<string> ExchangeAsync(TestGateway gateway, string method, string path, string body = Plain)
    {
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        return await client.ReadUntilAsync("never");
    }

    private static async Task RefusedAsync(byte[] body, string code, string? param)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var content = new ByteArrayContent(body);

        using var response = await gateway.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        var text = await response.TextAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        var error = Bodies.Json(text).GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe((code, param));
        upstream.Requests.ShouldBeEmpty();
    }
}
