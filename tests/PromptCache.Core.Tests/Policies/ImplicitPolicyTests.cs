using PromptCache.Core.Policies;
using PromptCache.Core.Store;
using PromptCache.Core.Tests.Blocks;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Policies;

public sealed class ImplicitPolicyTests
{
    private readonly PolicyBench _electron = new(PolicyBench.Shipped("electron"));

    [Fact]
    public void Electron_SamePrefixAnotherQuestion_ReadsThePrefix()
    {
        PromptDraft Draft(string question) => new PromptDraft().System(Words(1000, "system")).User(Words(500, "history")).User(Words(50, question));

        _electron.Turn(Draft("first")).ShouldCount(0, reason: CacheReason.Miss);
        _electron.Turn(Draft("second")).ShouldCount(1500, reason: CacheReason.Partial);
        _electron.Turn(Draft("second")).ShouldCount(1550, reason: CacheReason.Hit);
    }

    [Fact]
    public void Electron_OneWordChanged_NothingAfterItsBlockIsCached()
    {
        _electron.Turn(new PromptDraft().System(Words(1000, "system")).User(Words(500, "history")));

        _electron.Turn(new PromptDraft().System(Words(1000, "system").Replace(" system500 ", " System500 ", StringComparison.Ordinal)).User(Words(500, "history"))).ShouldCount(384);
    }

    [Fact]
    public void Electron_MessagesSwapped_NothingFromTheSwapOn()
    {
        _electron.Turn(new PromptDraft().System(Words(100, "s")).User(Words(50, "a")).User(Words(60, "b")).User("c"));

        _electron.Turn(new PromptDraft().System(Words(100, "s")).User(Words(60, "b")).User(Words(50, "a")).User("c")).ShouldCount(100);
    }

    [Fact]
    public void Electron_Lifetime_SlidesWithUse()
    {
        PromptDraft Draft() => new PromptDraft().System(Words(100, "s"));
        _electron.Turn(Draft());
        _electron.Wait(TimeSpan.FromMinutes(4));
        _electron.Turn(Draft()).ShouldCount(100);
        _electron.Wait(TimeSpan.FromMinutes(4));
        _electron.Turn(Draft()).ShouldCount(100);
        _electron.Wait(TimeSpan.FromMinutes(5));

        _electron.Turn(Draft()).ShouldCount(0, reason: CacheReason.Miss);
    }

    [Theory]
    [InlineData("openai", "gpt-4o", 1023, 0)]
    [InlineData("openai", "gpt-4o", 1024, 1024)]
    [InlineData("openai", "gpt-4o", 1151, 1024)]
    [InlineData("openai", "gpt-4o", 1152, 1152)]
    [InlineData("deepseek", "deepseek-chat", 63, 0)]
    [InlineData("deepseek", "deepseek-chat", 200, 192)]
    [InlineData("xai", "grok-4", 127, 0)]
    [InlineData("xai", "grok-4", 300, 256)]
    [InlineData("mistral", "mistral-large", 100, 64)]
    [InlineData("groq", "gpt-oss-120b", 1000, 0)]
    [InlineData("groq", "gpt-oss-120b", 1030, 1030)]
    [InlineData("zai", "glm-4.6", 33, 33)]
    [InlineData("vllm", "llama", 15, 0)]
    [InlineData("vllm", "llama", 47, 32)]
    [InlineData("sglang", "llama", 7, 7)]
    [InlineData("llamacpp", "llama", 7, 7)]
    [InlineData("fireworks", "llama", 7, 7)]
    [InlineData("together", "llama", 7, 7)]
    [InlineData("moonshot", "kimi-k2", 300, 256)]
    [InlineData("openrouter", "deepseek/deepseek-chat", 200, 192)]
    [InlineData("openrouter", "openai/gpt-4o", 1200, 1152)]
    [InlineData("openrouter", "someone/else", 7, 7)]
    public void Settle_SharedPrefix_HasTheProvidersMinimumAndStep(string policy, string model, int shared, int read)
    {
        var bench = new PolicyBench(PolicyBench.Shipped(policy), model);
        bench.Turn(new PromptDraft().System(Words(shared, "s")).User("one"));

        bench.Turn(new PromptDraft().System(Words(shared, "s")).User("two")).ShouldCount(read, reason: read == 0 ? CacheReason.BelowMinimum : CacheReason.Partial);
    }

    [Fact]
    public void Moonshot_ExactResend_ReadsAllOfIt()
    {
        var moonshot = new PolicyBench(PolicyBench.Shipped("moonshot"));
        PromptDraft Draft() => new PromptDraft().System(Words(1000, "s")).User(Words(77, "q"));
        moonshot.Turn(Draft());

        moonshot.Turn(Draft()).ShouldCount(1077, reason: CacheReason.Hit);
    }

    [Fact]
    public void None_Always_Bypasses()
    {
        var none = new PolicyBench(PolicyBench.Shipped("none"));
        none.Turn(new PromptDraft().System(Words(1000, "s"), Marked));

        var decision = none.Turn(new PromptDraft().System(Words(1000, "s"), Marked));

        decision.ShouldCount(0, reason: CacheReason.PolicyNone);
        CacheStatus.Of(decision).ShouldBe("bypass");
    }

    [Fact]
    public void Decide_StoreDidNotAnswer_SaysSo()
    {
        var plan = _electron.Plan(new PromptDraft().System("a"));

        CacheStatus.Of(CachePlanner.Decide(plan, PrefixMatch.Missing(StoreOutcome.TimedOut))).ShouldBe("unknown");
    }

    [Fact]
    public void Decide_MatchLongerThanTheChain_IsCapped()
    {
        var plan = _electron.Plan(new PromptDraft().System("a b c"));

        CachePlanner.Decide(plan, new PrefixMatch(StoreOutcome.Answered, 99, [], [])).ShouldCount(3);
    }
}
