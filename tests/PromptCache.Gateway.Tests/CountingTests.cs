using PromptCache.Gateway.Hosting;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>What goes on while a long prompt is still being counted: everything that needs no count.</summary>
public sealed class CountingTests : IDisposable
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("some words ", 10_000));

    private readonly GatedTokenizers _tokenizers = new();

    public void Dispose() => _tokenizers.Dispose();

    [Fact]
    public async Task Chat_FirstProviderFails_TheNextIsAskedAtOnce()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{}", status: 503);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\"", $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\""));

        var answer = gateway.ChatAsync(Bodies.Chat(("user", Long)));

        await Eventually.Is(() => second.Requests.Count == 1, "the next provider was asked");
        _tokenizers.Open();
        (await answer).Prompt.ShouldBe(20);
    }

    [Fact]
    public async Task Stream_NoUsageWasAskedFor_ComesToItsDone()
    {
        await using var upstream = await ScriptedUpstream.WithEventsAsync(Streams.Text("all") + Streams.Usage + Streams.Done);
        await using var gateway = await StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{upstream.BaseUrl}\", \"ApiKey\": \"none\""));

        using var response = await gateway.SendAsync($$"""{"model":"electron","stream":true,"messages":[{"role":"user","content":"{{Long}}"}]}""");
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        (await body.ReadUntilAsync(Streams.Done)).ShouldBe(Streams.Text("all") + Streams.Done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_TextAndReportComeAtOnce_TheTextPasses(bool costDetails)
    {
        const string text = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"all\"}}\n\n";
        const string report = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":9,\"output_tokens\":9}}\n\n";
        await using var upstream = await ScriptedUpstream.WithEventsAsync(text + report);
        await using var gateway = await StartAsync($$"""{ "PromptCache": { "Providers": { "claude": { "Protocol": "anthropic", "BaseUrl": "{{upstream.BaseUrl[..^"/v1".Length]}}", "ApiKey": "none" } }, "DefaultProvider": "claude" } }""");

        using var response = await gateway.PostAsync(
            $$"""{"model":"claude-sonnet-4-5","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"{{Long}}"}]}""", MessagesBench.Path, ("x-promptcache-cost-details", costDetails ? "1" : "0"));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        // Without cost_details nothing of the stream depends on a count.
        await body.ReadUntilAsync(costDetails ? text : text + report);
    }

    private Task<TestGateway> StartAsync(string configuration) => TestGateway.StartAsync(new ServeSettings { ConfigText = configuration, Tokenizers = _tokenizers });
}
