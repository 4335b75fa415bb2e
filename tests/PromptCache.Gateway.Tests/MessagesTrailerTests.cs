using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>A streamed message's cost stands behind it, in the trailers of a connection that has them.</summary>
public sealed class MessagesTrailerTests
{
    private const string Body = """{"model":"claude-sonnet-4-5","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    private const string Messages = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":40,\"cache_read_input_tokens\":60,\"output_tokens\":1}}}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private const string Chat = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":60}}}\n\n"
        + "data: [DONE]\n\n";

    [Theory]
    [InlineData("anthropic", Messages, 2)]
    [InlineData("openai", Chat, 2)]
    [InlineData("anthropic", Messages, 1)]
    public async Task Stream_Ends_CostFollows(string protocol, string answer, int version)
    {
        await using var upstream = await ScriptedUpstream.WithEventsAsync(answer);
        await using var gateway = await StartAsync(protocol, upstream, version);
        using var request = new HttpRequestMessage(HttpMethod.Post, MessagesBench.Path)
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var text = await response.TextAsync();
        text.ShouldContain("message_stop");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Contains("x-promptcache-cost").ShouldBeFalse("it is not known before the end");
        if (version == 1)
        {
            response.TrailingHeaders.ShouldBeEmpty();
            response.Headers.Contains("Trailer").ShouldBeFalse("none is promised that does not come");
            return;
        }

        response.Headers.Trailer.ShouldBe(["x-promptcache-cost", "x-promptcache-cached-tokens"]);
        decimal.Parse(response.TrailingHeaders.GetValues("x-promptcache-cost").Single(), CultureInfo.InvariantCulture).ShouldBe(((40 * 3) + (60 * 0.3m) + (9 * 15)) / 1_000_000);
        response.TrailingHeaders.GetValues("x-promptcache-cached-tokens").Single().ShouldBe("60");
    }

    [Fact]
    public async Task Post_NotStreamed_CostInTheHeadersAndNoTrailer()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"type":"message","usage":{"input_tokens":1,"output_tokens":1}}""");
        await using var gateway = await StartAsync("anthropic", upstream, version: 2);
        using var request = new HttpRequestMessage(HttpMethod.Post, MessagesBench.Path)
        {
            Content = new StringContent(Body.Replace("true", "false", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.Header("x-promptcache-cost").ShouldBe("0.000018");
        response.TrailingHeaders.ShouldBeEmpty();
    }

    // Without TLS a connection is of one version; a gateway that listens with a certificate has both.
    private static Task<TestGateway> StartAsync(string protocol, ScriptedUpstream upstream, int version)
        => TestGateway.StartAsync(
            $$"""
            { "PromptCache": {
                "Providers": { "it": { "Protocol": "{{protocol}}", "BaseUrl": "{{(protocol == "openai" ? upstream.BaseUrl : upstream.BaseUrl[..^"/v1".Length])}}", "ApiKey": "none", "CachePolicy": "anthropic" } },
                "DefaultProvider": "it",
                "Prices": [ { "Model": "claude-sonnet-4-5", "Input": 3, "CacheRead": 0.3, "CacheWrite": 3.75, "CacheWrite1h": 6, "Output": 15 } ] } }
            """,
            version == 2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
}
