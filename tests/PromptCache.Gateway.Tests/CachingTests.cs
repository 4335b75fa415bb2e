using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests;

/// <summary>The documented behaviour of automatic prefix caching, through the front door.</summary>
public sealed class CachingTests
{
    private static readonly string System = Bodies.Text(1000, "You are a support agent.");
    private static readonly string Asked = Bodies.Text(250, "My tent has a hole.");
    private static readonly string Answered = Bodies.Text(250, "I am sorry to hear that.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_SameRequestTwice_SecondIsCached(bool stream)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var body = Bodies.Chat("electron", stream, ("system", "You are a helpful assistant."), ("user", "What is 2+2?"));

        var first = await gateway.ChatAsync(body);
        var second = await gateway.ChatAsync(body);

        first.Cached.ShouldBe(0);
        second.Cached.ShouldNotBeNull().ShouldBeGreaterThan(0);
        second.Cached.Value.ShouldBeLessThanOrEqualTo(second.Prompt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_CostMathConversation_GivesTheDocumentedFigures(bool stream)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var first = await gateway.ChatAsync(Conversation("Can it be repaired?", stream));
        var second = await gateway.ChatAsync(Conversation("What does a new one cost?", stream));

        (first.Prompt, first.Completion, first.Cached, first.Total).ShouldBe((1550, 200, 0, 0.00094m));
        (second.Prompt, second.Completion, second.Cached, second.Total).ShouldBe((1550, 200, 1500, 0.00049m));
        second.Written.ShouldBe(0);
        var cost = second.Cost.ShouldNotBeNull();
        cost.GetProperty("status").GetString().ShouldBe("exact");
        cost.GetProperty("currency").GetString().ShouldBe("USD");
        cost.GetProperty("source").GetString().ShouldBe("store");
        cost.GetProperty("prompt_cost").GetDecimal().ShouldBe(0.00017m);
        cost.GetProperty("prompt_cache_read_cost").GetDecimal().ShouldBe(0.00015m);
        cost.GetProperty("prompt_cache_write_cost").GetDecimal().ShouldBe(0m);
        cost.GetProperty("completion_cost").GetDecimal().ShouldBe(0.00032m);
        cost.GetProperty("cache_savings").GetDecimal().ShouldBe(0.00045m);
    }

    [Fact]
    public async Task Chat_SystemPromptSharedByTwoUsers_IsCachedOnTheSecondsFirstCall()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", "I am Anna. Where is my parcel?")));
        var second = await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", "I am Ben. I want a refund.")));

        second.Cached.ShouldBe(1000);
        second.Status.ShouldBe("partial");
    }

    [Fact]
    public async Task Chat_HistoryThatGrows_CachesAllEarlierTurns()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var history = new List<(string, string)> { ("system", System) };
        long before = 0;

        for (var turn = 0; turn < 5; turn++)
        {
            history.Add(("user", $"Question number {turn}, please."));
            var figures = await gateway.ChatAsync(Bodies.Chat([.. history]));

            // The reply's priming is not part of what the next turn repeats.
            figures.Cached.ShouldBe(turn == 0 ? 0 : before - 3);
            before = figures.Prompt;
            history.Add(("assistant", $"Answer number {turn}."));
        }
    }

    [Theory]
    [InlineData("My tent has a hole.", "My tent has a hole. ")]
    [InlineData("My tent has a hole.", "my tent has a hole.")]
    [InlineData("My tent has a hole.", "My tent, has a hole.")]
    public async Task Chat_OneCharacterChanged_NothingAfterItIsCached(string was, string becomes)
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", was), ("assistant", Answered), ("user", "And now?")));
        var changed = await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", becomes), ("assistant", Answered), ("user", "And now?")));

        changed.Cached.ShouldBe(1000);
    }

    [Fact]
    public async Task Chat_MessagesSwapped_NothingFromTheSwapOnIsCached()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", Asked), ("user", Answered), ("user", "And now?")));
        var swapped = await gateway.ChatAsync(Bodies.Chat(("system", System), ("user", Answered), ("user", Asked), ("user", "And now?")));

        swapped.Cached.ShouldBe(1000);
    }

    [Fact]
    public async Task Chat_WithinTheTtl_IsStillThere_AfterIt_IsGone()
    {
        var time = new ManualTimeProvider();
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, time);
        var body = Bodies.Chat(("system", System), ("user", "Hello."));

        await gateway.ChatAsync(body);
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromMinutes(4.5));
            (await gateway.ChatAsync(body)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(1000);
        }

        time.Advance(TimeSpan.FromMinutes(5));
        (await gateway.ChatAsync(body)).Cached.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_OtherKey_SharesNothing()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var body = Bodies.Chat(("system", System), ("user", "Hello."));

        await gateway.ChatAsync(body, key: "one");
        (await gateway.ChatAsync(body, key: "two")).Cached.ShouldBe(0);
        (await gateway.ChatAsync(body, key: "one")).Cached.ShouldNotBeNull().ShouldBeGreaterThan(1000);
    }

    private static string Conversation(string question, bool stream)
        => Bodies.Chat("electron", stream, ("system", System), ("user", Asked), ("assistant", Answered), ("user", Bodies.Text(50 - 3, question)));
}
