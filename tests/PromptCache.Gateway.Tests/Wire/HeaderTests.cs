using System.Net.Http.Headers;
using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Which headers cross the gateway, and what passes on other paths.</summary>
public sealed class HeaderTests
{
    private const string Plain = """{"model":"electron","messages":[{"role":"user","content":"hi"}]}""";

    private static readonly (string, string)[] Sent =
    [
        ("Cookie", "session=1"), ("Forwarded", "for=10.0.0.1"), ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Host", "inner"), ("X-Real-IP", "10.0.0.1"), ("Via", "1.1 inner"),
        ("OpenAI-Organization", "org-1"), ("OpenAI-Project", "proj-1"), ("OpenAI-Beta", "a=1"), ("x-custom", "kept"),
    ];

    [Theory]
    [InlineData("own-key", "/v1/chat/completions")]
    [InlineData("own-key", "/v1/embeddings")]
    [InlineData("none", "/v1/chat/completions")]
    [InlineData("none", "/v1/embeddings")]
    public async Task Request_WhatIsSaidToTheGateway_StaysThere(string key, string path)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "p": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "{{key}}" } } } }""");

        using var response = await gateway.PostAsync(Plain, path, [.. Sent]);

        response.IsSuccessStatusCode.ShouldBeTrue(await response.TextAsync());
        var headers = upstream.Requests.ShouldHaveSingleItem().Headers;
        headers.Keys.Where(k => k.ToLowerInvariant() is "cookie" or "forwarded" or "via" or "x-real-ip" || k.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        (headers["x-custom"].ToString(), headers["OpenAI-Beta"].ToString()).ShouldBe(("kept", "a=1"));
        var isOurAccount = key == "own-key";
        headers.ContainsKey("OpenAI-Organization").ShouldBe(!isOurAccount, "who brings the key chooses who pays");
        headers.ContainsKey("OpenAI-Project").ShouldBe(!isOurAccount);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/files")]
    public async Task Response_WhatIsSaidToTheGateway_StaysThere(string path)
    {
        await using var upstream = RawUpstream.Answering(Replies.Http("200 OK", Replies.Json, "Content-Type: application/json\r\nSet-Cookie: shared=1\r\nConnection: x-hop, content-type\r\nx-hop: 1\r\nKeep-Alive: timeout=5\r\nx-custom: kept"));
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.PostAsync(Plain, path);

        response.IsSuccessStatusCode.ShouldBeTrue();
        response.Headers.Select(h => h.Key.ToLowerInvariant()).ShouldNotContain(k => k == "set-cookie" || k == "x-hop" || k == "keep-alive");
        response.Header("x-custom").ShouldBe("kept");
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task OtherPath_Upload_PassesByteForByte()
    {
        var audio = new byte[300_000];
        new Random(20261122).NextBytes(audio);
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "audio/mpeg";
            await context.Response.Body.WriteAsync(audio, context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var content = new MultipartFormDataContent("boundary-1");
        using var file = new ByteArrayContent(audio);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        content.Add(file, "file", "räv.wav");
        content.Add(new StringContent("whisper-1"), "model");
        var sent = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        using var response = await gateway.Client.PostAsync("/v1/audio/transcriptions", content, TestContext.Current.CancellationToken);

        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(audio);
        response.Content.Headers.ContentType?.ToString().ShouldBe("audio/mpeg");
        var arrived = upstream.Requests.ShouldHaveSingleItem();
        arrived.Body.ShouldBe(sent);
        arrived.Headers.ContentType.ToString().ShouldBe("multipart/form-data; boundary=\"boundary-1\"");
    }

    [Fact]
    public async Task OtherPath_WebSocket_IsCarriedBothWays()
    {
        await using var upstream = new RawUpstream(async (head, connection, stop) =>
        {
            var isUpgrade = head.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase) && head.Contains("Connection: Upgrade", StringComparison.OrdinalIgnoreCase);
            await connection.WriteAsync(Encoding.ASCII.GetBytes(isUpgrade ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n" : Replies.Http("400 Bad Request", head)), stop);
            var buffer = new byte[64];
            while (await connection.ReadAsync(buffer, stop) is var read and > 0)
            {
                await connection.WriteAsync(buffer.AsMemory(0, read), stop);
            }
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("GET /v1/realtime?model=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101 ");
        await client.SendAsync("ping-1");

        (await client.ReadUntilAsync("ping-1")).ShouldEndWith("ping-1");
    }
}
