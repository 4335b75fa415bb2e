using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tests.Blocks;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Policies;

/// <summary>Where Qwen, Gemini and OpenAI from GPT-5.6 differ from Anthropic.</summary>
public sealed class ExplicitVariantTests
{
    [Fact]
    public void Qwen_MoreThanFourMarkers_OnlyTheLastFourCount()
    {
        var qwen = new PolicyBench(PolicyBench.Shipped("qwen"));
        var draft = new PromptDraft();
        for (var i = 0; i < 6; i++)
        {
            draft.User(Words(1100, $"m{i}"), Marked);
        }

        qwen.Plan(draft).Breakpoints.Select(b => b.Segment).ShouldBe([2, 3, 4, 5]);
    }

    [Fact]
    public void Qwen_ExplicitAndImplicit_ExcludeEachOther()
    {
        var qwen = new PolicyBench(PolicyBench.Shipped("qwen"));

        qwen.Turn(new PromptDraft().System(Words(2000, "s")).User("q")).ShouldCount(0, reason: CacheReason.Miss);
        qwen.Turn(new PromptDraft().System(Words(2000, "s"), Marked).User("q")).ShouldCount(0, write: 2000);
        var marked = qwen.Turn(new PromptDraft().System(Words(2000, "s"), Marked).User("q"));
        marked.ShouldCount(2000);
        marked.Plan.Policy.Read.ShouldBe(0.1m);
        var plain = qwen.Turn(new PromptDraft().System(Words(2000, "s")).User("q"));
        plain.ShouldCount(2001);
        plain.Plan.Policy.Read.ShouldBe(0.2m);
    }

    [Theory]
    [InlineData(300, false, 300)]
    [InlineData(300, true, 0)]
    [InlineData(1023, true, 0)]
    [InlineData(1024, true, 1024)]
    public void Qwen_Minimum_DependsOnTheMarker(int tokens, bool marked, int read)
    {
        var qwen = new PolicyBench(PolicyBench.Shipped("qwen"));
        PromptDraft Draft() => new PromptDraft().User(Words(tokens, "s"), marked ? Marked : default);
        qwen.Turn(Draft());

        qwen.Turn(Draft()).ShouldCount(read);
    }

    [Fact]
    public void Qwen_AskedForAnHour_GivesItsFiveMinutes()
    {
        var breakpoint = new PolicyBench(PolicyBench.Shipped("qwen")).Plan(new PromptDraft().User("q", ForAnHour)).Breakpoints.Single();

        breakpoint.Ttl.ShouldBe(TimeSpan.FromMinutes(5));
        breakpoint.Extended.ShouldBeFalse();
    }

    [Theory]
    [InlineData("google/gemini-2.5-flash", 1027, 0)]
    [InlineData("google/gemini-2.5-flash", 1028, 1028)]
    [InlineData("gemini-2.5-pro", 2047, 0)]
    [InlineData("gemini-2.5-pro", 2048, 2048)]
    [InlineData("gemini-3.8-flash", 4095, 0)]
    [InlineData("gemini-3.8-flash", 4096, 4096)]
    public void Gemini_Minimum_IsTheModels(string model, int tokens, int read)
    {
        var gemini = new PolicyBench(PolicyBench.Shipped("gemini"), model);
        PromptDraft Draft(string question) => new PromptDraft().User(Words(tokens, "book"), Marked).User(question);
        gemini.Turn(Draft("one")).ShouldCount(0, write: read);

        gemini.Turn(Draft("two")).ShouldCount(read);
    }

    [Fact]
    public void Gemini_ManyMarkers_OnlyTheLastCountsAndNoneIsTooMany()
    {
        var gemini = new PolicyBench(PolicyBench.Shipped("gemini"), "gemini-2.5-flash");
        var draft = new PromptDraft();
        for (var i = 0; i < 9; i++)
        {
            draft.User(Words(200, $"m{i}"), i == 8 ? ForAnHour : Marked);
        }

        gemini.Plan(draft).Breakpoints.ShouldBe([new Breakpoint(8, 18, TimeSpan.FromHours(1), Extended: true)]);
    }

    [Fact]
    public void Gemini_MarkerMoved_TheWholePrefixIsWrittenAnew()
    {
        var gemini = new PolicyBench(PolicyBench.Shipped("gemini"), "gemini-2.5-flash");
        gemini.Turn(new PromptDraft().User(Words(2000, "book"), Marked).User("one"));

        gemini.Turn(new PromptDraft().User(Words(2000, "book")).User(Words(100, "one"), Marked).User("two")).ShouldCount(0, write: 2100);
    }

    [Fact]
    public void OpenAi56_NoMarkers_AutomaticBreakpointOnTheLatestMessage()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai"), "gpt-5.6-sol");

        openai.Turn(new PromptDraft().System(Words(1500, "s")).User(Words(10, "q"))).ShouldCount(0, write: 1510);
        openai.Turn(new PromptDraft().System(Words(1500, "s")).User(Words(10, "q")).Assistant(Words(20, "a")).User(Words(5, "r"))).ShouldCount(1510, write: 25);
    }

    [Fact]
    public void OpenAi56_ManyMarkers_TheAutomaticOneAndTheLatestThree()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));
        var draft = new PromptDraft();
        for (var i = 0; i < 6; i++)
        {
            draft.User(Words(1100, $"m{i}"), Marked);
        }

        openai.Plan(draft.User("q")).Breakpoints.Select(b => b.Segment).ShouldBe([3, 4, 5, 6]);
    }

    [Fact]
    public void OpenAi56_ExplicitMode_TheLatestFourAlone()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));
        var draft = new PromptDraft { Mode = CacheOptionsMode.Explicit };
        for (var i = 0; i < 6; i++)
        {
            draft.User(Words(1100, $"m{i}"), Marked);
        }

        openai.Plan(draft.User("q")).Breakpoints.Select(b => b.Segment).ShouldBe([2, 3, 4, 5]);
    }

    [Fact]
    public void OpenAi56_ExplicitModeWithoutMarkers_CachesNothing()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));

        var decision = openai.Turn(new PromptDraft { Mode = CacheOptionsMode.Explicit }.System(Words(2000, "s")));

        decision.ShouldCount(0, reason: CacheReason.NoMarkers);
        decision.Plan.Bypass.ShouldBeTrue();
    }

    [Fact]
    public void OpenAi56_FarBack_IsStillFound()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));
        PromptDraft Parts(int count)
        {
            var draft = new PromptDraft();
            for (var i = 0; i < count; i++)
            {
                draft.User(Words(300, $"m{i}"));
            }

            return draft;
        }

        openai.Turn(Parts(5));

        openai.Turn(Parts(100)).ShouldCount(1500, write: 28_500);
    }

    [Fact]
    public void OpenAi56_ThousandsOfParts_TheStoreIsAskedForABoundedNumber()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));
        var draft = new PromptDraft();
        for (var i = 0; i < 3000; i++)
        {
            draft.User("part", i == 0 ? Marked : default);
        }

        var plan = openai.Plan(draft);

        plan.Anchors.Length.ShouldBe(1 + 512);
        plan.Anchors[0].ShouldBe(plan.Breakpoints[0].Blocks, "an old breakpoint is asked for, however far back");
        plan.Anchors[^1].ShouldBe(plan.Breakpoints[^1].Blocks);
    }

    [Fact]
    public void OpenAi56_Ttl_IsThirtyMinutesAndMayBeSaid()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));

        openai.Plan(new PromptDraft().User("q", new(true, TimeSpan.FromMinutes(30)))).Breakpoints.Single().Ttl.ShouldBe(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void OpenAi56_WithinThirtyMinutes_Reads()
    {
        var openai = new PolicyBench(PolicyBench.Shipped("openai-5.6"));
        PromptDraft Draft() => new PromptDraft().User(Words(1500, "s"));
        openai.Turn(Draft());
        openai.Wait(TimeSpan.FromMinutes(29));
        openai.Turn(Draft()).ShouldCount(1500);
        openai.Wait(TimeSpan.FromMinutes(30));

        openai.Turn(Draft()).ShouldCount(0, write: 1500);
    }

    [Fact]
    public void ImplicitPolicy_Markers_AreNoErrorAndDecideNothing()
    {
        var electron = new PolicyBench(PolicyBench.Shipped("electron"));
        PromptDraft Draft() => new PromptDraft { Automatic = ForAnHour }.System("a", Marked).System("b", Marked).System("c", Marked).System("d", ForAnHour).User("e", Marked);

        electron.Validate(Draft()).ShouldBeNull();
        electron.Turn(Draft()).Plan.Explicit.ShouldBeFalse();
        electron.Turn(Draft()).ShouldCount(5);
    }
}
