using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>What does not invalidate an implicit cache.</summary>
public sealed class InvalidationTests
{
    [Theory]
    [InlineData("")]
    [InlineData(""","tool_choice":"none" """)]
    [InlineData(""","reasoning_effort":"high" """)]
    public async Task Chat_ImageOrParameterJoinsLater_EarlierTurnsStayCached(string more)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        const string History = """{"role":"system","content":"You describe pictures."},{"role":"user","content":"Are you ready?"},{"role":"assistant","content":"Yes."}""";

        var first = await gateway.ChatAsync($$"""{"model":"electron","messages":[{{History}}]}""");
        var second = await gateway.ChatAsync($$$"""{"model":"electron","messages":[{{{History}}},{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}]}]{{{more}}}}""");

        second.Cached.ShouldBe(first.Prompt - 3);
    }
}
