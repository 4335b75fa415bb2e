using PromptCache.Gateway.Tests.Support;
using PromptCache.Providers.Presets;

namespace PromptCache.Gateway.Tests.Providers;

/// <summary>What a client reads of each provider's usage, streamed and not.</summary>
public sealed class ProviderUsageTests
{
    public static TheoryData<ProviderCase, bool> Cases()
    {
        var data = new TheoryData<ProviderCase, bool>();
        foreach (var provider in ProviderCases.All)
        {
            data.Add(provider, false);
            data.Add(provider, true);
        }

        return data;
    }

    public static TheoryData<ProviderCase> Streams() => [.. ProviderCases.All];

    // Traps 1 to 9, 11, 17, 20, 24 and 25 of the known ones: double counting, lost and duplicate usage, usage in the wrong chunk, a total that is no sum.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Chat_DocumentedAnswer_GivesTheSameFiguresEverywhere(ProviderCase provider, bool stream)
    {
        ArgumentNullException.ThrowIfNull(provider);
        await using var upstream = await ProviderUpstream.StartAsync(provider);
        await using var gateway = await StartAsync(provider.Preset, upstream);

        var figures = await gateway.ChatAsync(Bodies.Chat(provider.Model, stream, ("user", "Say ok.")));

        (figures.Prompt, figures.Cached, figures.Written, figures.Completion).ShouldBe((provider.Prompt, provider.Cached, provider.Written, provider.Completion));
        figures.Source.ShouldBe(provider.Source);
        figures.Cost.ShouldNotBeNull().GetProperty("status").GetString().ShouldBe(provider.Status);
        figures.Total.ShouldBe(provider.Total);
    }

    // Trap 9: usage is asked for whether the client wants it or not, and shown only to a client that does.
    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Chat_StreamWithoutIncludeUsage_ShowsTheClientNoChunkThatItDidNotAskFor(ProviderCase provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        await using var upstream = await ProviderUpstream.StartAsync(provider);
        await using var gateway = await StartAsync(provider.Preset, upstream);

        using var response = await gateway.SendAsync($$"""{"model":"{{provider.Model}}","stream":true,"messages":[{"role":"user","content":"Say ok."}]}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        text.ShouldContain("[DONE]");
        text.Split('\n').Count(l => l.StartsWith("data: {", StringComparison.Ordinal) && l.Contains("\"choices\":[]", StringComparison.Ordinal) && l.Contains("\"usage\":{", StringComparison.Ordinal)).ShouldBe(0);
    }

    [Fact]
    public void Cases_EveryPresetOfOpenAIsProtocol_IsThere()
        => ProviderCases.All.Select(c => c.Preset).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(ProviderPresets.All.Where(p => p.Protocol == "openai").Select(p => p.Name).Order(StringComparer.Ordinal));

    private static Task<TestGateway> StartAsync(string preset, ScriptedUpstream upstream)
        => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "{{preset}}": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" } } } }""");
}
