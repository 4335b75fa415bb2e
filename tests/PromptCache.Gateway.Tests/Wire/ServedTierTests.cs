using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>The tier that a provider says it served sets the price, wherever its bytes are cut, and nobody else can name one.</summary>
public sealed class ServedTierTests
{
    private const string Usage = "\"usage\":{\"prompt_tokens\":1000000,\"completion_tokens\":0,\"total_tokens\":1000000}";
    private const string Asks = """{"model":"gpt-5","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello."}]}""";

    [Fact]
    public async Task Stream_CutInsideTheName_IsPricedAsServed()
    {
        const string First = """data: {"id":"c","service_tier":"flex","choices":[{"index":0,"delta":{"content":"x"}}]}""" + "\n\n";
        const string Last = "data: {\"choices\":[]," + Usage + "}\n\n" + Replies.Done;
        var name = First.IndexOf("service_tier", StringComparison.Ordinal);
        for (var cut = name - 2; cut < name + 25; cut += 3)
        {
            var pieces = Channel.CreateUnbounded<string>();
            await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
            await using var gateway = await GatewayAsync(upstream.BaseUrl);

            // The comment comes through before the rest is sent: the gateway has read up to the cut.
            pieces.Writer.TryWrite(": cut\n\n" + First[..cut]);
            using var response = await gateway.SendAsync(Asks);
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.ReadUntilAsync(": cut");
            pieces.Writer.TryWrite(First[cut..] + Last);
            pieces.Writer.Complete();

            var text = await new StreamReader(body).ReadToEndAsync(TestContext.Current.CancellationToken);
            ChatFigures.Read(text, response).Total.ShouldBe(0.625m, $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData("\"service_tier\":\"flex\",\"choices\":[{\"message\":{\"content\":\"x\"}}]", true)]
    [InlineData("\"choices\":[{\"message\":{\"content\":\"x\"}}],\"metadata\":{\"service_tier\":\"flex\"}", false)]
    [InlineData("\"choices\":[{\"message\":{\"content\":\"x\",\"parsed\":{\"service_tier\":\"flex\"}}}]", false)]
    [InlineData("\"choices\":[{\"message\":{\"content\":\"x\",\"parsed\":{\"service_tier\":\"flex\"}}}],\"service_tier\":\"default\"", false)]
    public async Task Json_TierElsewhere_IsNone(string members, bool isFlex)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("{" + members + "," + Usage + "}");
        await using var gateway = await GatewayAsync(upstream.BaseUrl);

        var figures = await gateway.ChatAsync("""{"model":"gpt-5","messages":[{"role":"user","content":"Hello."}]}""");

        figures.Total.ShouldBe(isFlex ? 0.625m : 1.25m);
    }

    private static Task<TestGateway> GatewayAsync(string baseUrl) => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "openai": { "BaseUrl": "{{baseUrl}}", "ApiKey": "none" } } } }""");
}
