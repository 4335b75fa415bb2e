using System.Net;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Requests that are refused before anything is forwarded.</summary>
public sealed class RequestErrorTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("\uFEFF{}", null)]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} x", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model")]
    [InlineData("{\"model\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model")]
    [InlineData("{\"model\":\"m\"}", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":{}}", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":[1]}", "messages[0]")]
    [InlineData("{\"model\":\"m\",\"stream\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "stream")]
    public async Task Chat_BadBody_IsA400ThatNamesTheField(string body, string? param)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(body);

        var error = await ErrorAsync(response, HttpStatusCode.BadRequest);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("param").GetString().ShouldBe(param);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chat_AbsurdNesting_IsA400()
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1");

        using var response = await gateway.SendAsync("{\"model\":\"m\",\"messages\":" + new string('[', 1_000_000));

        (await ErrorAsync(response, HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("too_deep");
    }

    [Theory]
    [InlineData("Content-Length: 100000000", "")]
    [InlineData("Transfer-Encoding: chunked", "800\r\n")]
    public async Task Chat_TooLong_IsA413WithoutReadingOn(string framing, string start)
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1", more: """ "Limits": { "MaxBodyBytes": 1024 } """);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        // No more than this is ever sent: an answer shows that the rest is not waited for.
        await client.SendAsync(RawClient.Head(framing) + start + new string(' ', 2048));

        (await client.ReadUntilAsync("request_too_large")).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task Chat_MalformedChunk_IsA400()
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1");
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head("Transfer-Encoding: chunked") + "zz\r\n");

        (await client.ReadUntilAsync("invalid_body")).ShouldContain("\"error\"");
    }

    [Fact]
    public async Task Chat_EncodedBody_IsA415()
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1");
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(RawClient.Head("Content-Length: 2\r\nContent-Encoding: gzip") + "xx");

        (await client.ReadUntilAsync("unsupported_content_encoding")).ShouldStartWith("HTTP/1.1 415");
    }

    [Fact]
    public async Task Chat_UnknownModel_IsA404()
    {
        await using var gateway = await TestGateway.StartAsync("""{ "PromptCache": { "Providers": { "a": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" }, "b": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" } }, "Models": [ { "Match": "m", "Providers": ["a"] } ] } }""");

        using var response = await gateway.SendAsync("""{"model":"other","messages":[{"role":"user","content":"x"}]}""");

        (await ErrorAsync(response, HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    private static async Task<System.Text.Json.JsonElement> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status, text);
        return Bodies.Json(text).GetProperty("error");
    }
}
