using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>The patterns that providers' guides to automatic caching recommend, and those that they warn of.</summary>
public sealed class PromptPatternTests
{
    private const string Silent = """{"id":"c1","object":"chat.completion","created":1,"model":"electron","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}""";
    private const int Priming = 3;   // the reply's: never part of a prefix

    private static readonly string System = Bodies.Text(800, "You are a customer-support agent.");
    private static readonly string Documents = Bodies.Text(600, "Context: the tents of this year.");

    [Fact]
    public async Task Chat_FollowUpOverTheSameDocuments_CachesSystemContextAndHistory()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var first = await gateway.ChatAsync(Bodies.Chat(("system", System), ("system", Documents), ("user", "Which one is the lightest?")));
        var next = await gateway.ChatAsync(Bodies.Chat(("system", System), ("system", Documents), ("user", "Which one is the lightest?"), ("assistant", "The first."), ("user", "And the driest?")));
        var other = await gateway.ChatAsync(Bodies.Chat(("system", System), ("system", "Context: boots."), ("user", "Which one is the lightest?")));

        (first.Cached, next.Cached, other.Cached).ShouldBe((0, first.Prompt - Priming, 800));
    }

    [Fact]
    public async Task Chat_UserNameBeforeTheStableText_BreaksTheCacheForEveryone()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", "You are helping Anna. " + System), ("user", "Hello.")));
        var other = await gateway.ChatAsync(Bodies.Chat(("system", "You are helping Ben. " + System), ("user", "Hello.")));

        other.Cached.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_TimestampBehindTheStableText_CachesLessThanIsRepeated()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", System + " It is 10:00."), ("user", "Hello.")));
        var later = await gateway.ChatAsync(Bodies.Chat(("system", System + " It is 10:01."), ("user", "Hello.")));

        later.Cached.ShouldNotBeNull().ShouldBeInRange(1, 799);
    }

    [Fact]
    public async Task Chat_ReportedReadOfGeminiFlash_CostsItsListedReadPrice()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent[..^1] + ""","usage":{"prompt_tokens":2061,"completion_tokens":9,"total_tokens":2070,"prompt_tokens_details":{"cached_tokens":2039}}}""");
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "gemini" """);

        var figures = await gateway.ChatAsync(Bodies.Chat("google/gemini-2.5-flash", stream: false, ("user", "List all main characters.")));

        var read = figures.Cost.ShouldNotBeNull().GetProperty("prompt_cache_read_cost").GetDecimal();
        (figures.Cached, figures.Source, read, read / 2039 * 1_000_000).ShouldBe((2039, "provider", 0.00006117m, 0.03m));
    }
}
