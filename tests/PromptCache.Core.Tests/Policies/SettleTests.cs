using PromptCache.Core.Policies;
using PromptCache.Core.Tests.Blocks;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Policies;

public sealed class SettleTests
{
    [Theory]
    [InlineData(1000, 900)]
    [InlineData(2000, 1800)]
    [InlineData(999, 899)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    public void Settle_UpstreamCountsOtherwise_ScalesAndRoundsDown(long promptTokens, long read)
        => Partly(PolicyBench.Shipped("electron"), 900, 100).Settle(promptTokens).Read.ShouldBe(read);

    [Fact]
    public void Settle_HugeCounts_DoNotOverflow()
        => Partly(PolicyBench.Shipped("electron"), 900, 100).Settle(long.MaxValue).Read.ShouldBe(8301034833169298226);

    [Fact]
    public void Settle_ScaledBelowTheMinimum_ReadsNothing()
        => Partly(PolicyBench.Shipped("openai"), 1100, 100).Settle(1000).Read.ShouldBe(0);

    [Fact]
    public void Settle_ScaledThenStepped_IsAMultipleOfTheStep()
        => Partly(PolicyBench.Shipped("openai"), 1500, 100).Settle(1440).Read.ShouldBe(1280);

    [Fact]
    public void Settle_ExplicitScaled_BucketsStayDisjoint()
    {
        var bench = new PolicyBench(PolicyBench.Shipped("anthropic"));
        bench.Turn(new PromptDraft().Tool(LastTool(1100, "t"), ForAnHour).User("q"));
        var decision = bench.Turn(new PromptDraft().Tool(LastTool(1100, "t"), ForAnHour).System(Words(1000, "s"), ForAnHour).User(Words(333, "m"), Marked).User("end"));

        for (var prompt = 0; prompt < 6000; prompt += 7)
        {
            var counts = decision.Settle(prompt);

            (counts.Read + counts.Write + counts.Write1h).ShouldBeLessThanOrEqualTo(prompt);
            Math.Min(counts.Read, Math.Min(counts.Write, counts.Write1h)).ShouldBeGreaterThanOrEqualTo(0);
            if (counts.Read > 0)
            {
                counts.Read.ShouldBe(1100L * prompt / 2434);
                (counts.Read + counts.Write1h).ShouldBe(2100L * prompt / 2434);
                (counts.Read + counts.Write1h + counts.Write).ShouldBe(2433L * prompt / 2434);
            }
        }
    }

    [Fact]
    public void Settle_HourlyPartScaledBelowTheMinimum_IsWrittenWithTheRest()
    {
        var bench = new PolicyBench(PolicyBench.Shipped("anthropic"));
        var decision = bench.Turn(new PromptDraft().System(Words(1100, "s"), ForAnHour).User(Words(1100, "m"), Marked));

        decision.Settle(2200).ShouldBe(new CacheCounts(0, 1100, 1100));
        decision.Settle(2000).ShouldBe(new CacheCounts(0, 2000, 0));
        decision.Settle(1000).ShouldBe(new CacheCounts(0, 0, 0));
    }

    [Fact]
    public void Settle_UpstreamCountsMoreThanTheMinimum_CachesWhatIsBelowItByOurCount()
    {
        var bench = new PolicyBench(PolicyBench.Shipped("anthropic"));
        PromptDraft Draft() => new PromptDraft().System(Words(900, "s"), Marked).User(Words(100, "q"));

        var (first, second) = (bench.Turn(Draft()), bench.Turn(Draft()));

        (first.Settle(1400), second.Settle(1400)).ShouldBe((new CacheCounts(0, 1260, 0), new CacheCounts(1260, 0, 0)));
        (first.Settle(1137), second.Settle(1137)).ShouldBe((default, default));
        (first.Settle(1138), second.Settle(1138)).ShouldBe((new CacheCounts(0, 1024, 0), new CacheCounts(1024, 0, 0)));
        (first.Settle(null), second.Settle(null)).ShouldBe((default, default));
    }

    [Fact]
    public void Settle_EntryBelowTheMinimumBeforeAMarkerAboveIt_ReadsNothingAndWritesFromTheStart()
    {
        var bench = new PolicyBench(PolicyBench.Shipped("anthropic"));
        bench.Turn(new PromptDraft().System(Words(500, "s"), ForAnHour).User("q"));

        var decision = bench.Turn(new PromptDraft().System(Words(500, "s"), ForAnHour).User(Words(1500, "m"), Marked));

        decision.ShouldCount(0, write: 2000, reason: CacheReason.ExpiredOrNew);
        CacheStatus.Of(decision).ShouldBe("partial");
    }

    private static CacheDecision Partly(CachePolicy policy, int shared, int rest)
    {
        var bench = new PolicyBench(policy);
        bench.Turn(new PromptDraft().System(Words(shared, "s")).User(Words(rest, "one")));
        return bench.Turn(new PromptDraft().System(Words(shared, "s")).User(Words(rest, "two")));
    }
}
