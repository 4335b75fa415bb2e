using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests;

/// <summary>Every other path goes through untouched.</summary>
public sealed class PassThroughTests
{
    [Theory]
    [InlineData("POST", "/v1/embeddings", "{ \"input\" : 1.0e0 , broken")]
    [InlineData("POST", "/v1/responses", "{\"model\":\"x\",\"input\":\"hi\"}")]
    [InlineData("DELETE", "/v1/files/file-1?x=%2F&y=a+b", "")]
    [InlineData("PATCH", "/v1/never/heard%20of", "x")]
    [InlineData("GET", "/v1/chat/completions?limit=2", "")]
    [InlineData("GET", "/v1/chat/completions/abc", "")]
    public async Task Other_AnyRequest_ReachesTheUpstreamAsItIs(string method, string path, string body)
    {
        var target = "";
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            context.Response.StatusCode = 207;
            context.Response.ContentType = "x/y";
            await context.Response.WriteAsync("{ as it is", context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body.Length > 0 ? new ByteArrayContent(Encoding.UTF8.GetBytes(body)) : null;

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(207);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{ as it is");
        response.Headers.GetValues("x-promptcache-status").ShouldBe(["bypass"]);
        target.ShouldBe(path);
        var arrived = upstream.Requests.ShouldHaveSingleItem();
        arrived.Method.ShouldBe(method);
        Encoding.UTF8.GetString(arrived.Body).ShouldBe(body);
    }

    [Fact]
    public async Task Upload_IsStreamedOn()
    {
        var seen = Channel.CreateUnbounded<string>();
        await using var upstream = new RawUpstream(async (_, connection, stop) =>
        {
            var buffer = new byte[1024];
            var text = "";
            while (!text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) && await connection.ReadAsync(buffer, stop) is var read and > 0)
            {
                text += Encoding.UTF8.GetString(buffer, 0, read);
                seen.Writer.TryWrite(text);
            }

            await connection.WriteAsync(Encoding.UTF8.GetBytes(Replies.Http("200 OK", "{}")), stop);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\nfirst" + new string('x', 0x20000 - 5) + "\r\n");

        // The first piece arrives although the upload has not ended.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var arrived = "";
        while (!arrived.Contains("first", StringComparison.Ordinal))
        {
            arrived = await seen.Reader.ReadAsync(patience.Token);
        }

        await client.SendAsync("6\r\nsecond\r\n0\r\n\r\n");
        (await client.ReadUntilAsync("{}")).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task Models_AreThoseOfTheConfigurationAndOfTheProviders()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("""{"data":[{"id":"a"},{"id":"both"}]}""");
        await using var second = await ScriptedUpstream.WithJsonAsync("""{"data":[{"id":"both"},{"id":"b"}]}""");
        await using var broken = await ScriptedUpstream.WithJsonAsync("[1");
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback(
            [.. new[] { first, second, broken }.Select(u => $"\"BaseUrl\": \"{u.BaseUrl}\", \"ApiKey\": \"none\"")]));

        var json = Bodies.Json(await gateway.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken));

        json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["electron", "a", "both", "b"]);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("endless")]
    [InlineData("silent")]
    [InlineData("strange")]
    public async Task Models_ProviderThatListsThemBadly_IsLeftOutAndTheOthersStay(string how)
    {
        var time = new ManualTimeProvider();
        await using var good = await ScriptedUpstream.WithJsonAsync("""{"data":[{"id":"a"}]}""");
        await using var bad = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            switch (how)
            {
                case "broken":
                    context.Response.ContentLength = 1000;
                    await context.Response.WriteAsync("""{"data":[{"id":"x"},""", context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    context.Abort();
                    break;
                case "endless":
                    await context.Response.WriteAsync("{\"data\":[", context.RequestAborted);
                    var piece = string.Concat(Enumerable.Repeat("{\"id\":\"x\"},", 10_000));
                    while (!context.RequestAborted.IsCancellationRequested)
                    {
                        await context.Response.WriteAsync(piece, context.RequestAborted);
                    }

                    break;
                case "silent":
                    time.Advance(TimeSpan.FromSeconds(3));
                    await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
                    break;
                default:
                    await context.Response.WriteAsync("""{"data":[{"id":7},{"name":"x"},"text",null,{"id":"b"}]}""", context.RequestAborted);
                    break;
            }
        });
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{bad.BaseUrl}\", \"ApiKey\": \"none\"", $"\"BaseUrl\": \"{good.BaseUrl}\", \"ApiKey\": \"none\""), time);

        var json = Bodies.Json(await gateway.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken));

        var ids = json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).ToList();
        if (how == "silent")
        {
            // The clock has left everybody behind who had not answered by then.
            ids.Remove("a");
        }

        ids.ShouldBe(how switch { "strange" => ["electron", "b", "a"], "silent" => ["electron"], _ => ["electron", "a"] });
    }

    [Fact]
    public async Task Other_UpstreamUnreachable_Is502InOpenAIsShape()
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1");

        using var response = await gateway.Client.GetAsync("/v1/files", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("upstream_unreachable");
    }
}
