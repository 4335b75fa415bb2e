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
    public async Task Chat_ContextAsAUserMessageBeforeTheQuestion_IsCachedWithTheSystemPrompt()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", Documents), ("user", "Which one is the lightest?")));
        var next = await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", Documents), ("user", "Which one is the driest?")));

        next.Cached.ShouldBe(1400);
    }

    // 1,200 tokens of which 1,024 are known: 176 at 0.40, 1,024 at 0.10, 80 at 1.60.
    [Theory]
    [InlineData("""{"prompt_tokens":1200,"completion_tokens":80,"total_tokens":1280,"prompt_tokens_details":{"cached_tokens":1024}}""", "provider")]
    [InlineData("""{"prompt_tokens":1200,"completion_tokens":80,"total_tokens":1280}""", "store")]
    public async Task Chat_1024Of1200TokensKnown_BillsTheOther176AsFresh(string usage, string source)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent[..^1] + $",\"usage\":{usage}}}");
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "electron" """);
        var system = Bodies.Text(1024, "You are a support agent.");

        await gateway.ChatAsync(Bodies.Chat(("system", system), ("user", Bodies.Text(176 - Priming, "Where is my parcel?"))));
        var figures = await gateway.ChatAsync(Bodies.Chat(("system", system), ("user", Bodies.Text(176 - Priming, "I want a refund."))));

        (figures.Prompt, figures.Completion, figures.Cached, figures.Source).ShouldBe((1200, 80, 1024, source));
        var cost = figures.Cost.ShouldNotBeNull();
        cost.GetProperty("prompt_cost").GetDecimal().ShouldBe(0.0000704m + 0.0001024m);
        cost.GetProperty("prompt_cache_read_cost").GetDecimal().ShouldBe(0.0001024m);
        figures.Total.ShouldBe(0.0003008m);
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
