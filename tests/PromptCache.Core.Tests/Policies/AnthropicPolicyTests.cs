using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;
using PromptCache.Core.Tests.Blocks;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Policies;

/// <summary>platform.claude.com, "Prompt caching", rule by rule.</summary>
public sealed class AnthropicPolicyTests
{
    private const string Sonnet = "claude-sonnet-4-5";

    private readonly PolicyBench _claude = new(PolicyBench.Shipped("anthropic"), Sonnet);

    [Fact]
    public void Decide_SystemMarked_WritesThenReads()
    {
        _claude.Turn(new PromptDraft().System(Words(50, "intro")).System(Words(2000, "book"), Marked).User(Words(10, "q"))).ShouldCount(0, write: 2050, reason: CacheReason.ExpiredOrNew);
        _claude.Turn(new PromptDraft().System(Words(50, "intro")).System(Words(2000, "book"), Marked).User(Words(12, "who"))).ShouldCount(2050, reason: CacheReason.Hit);
    }

    [Fact]
    public void Decide_NoMarkers_NothingIsLookedUp()
    {
        var decision = _claude.Turn(new PromptDraft().System(Words(2000, "book")).User("q"));

        decision.Plan.Bypass.ShouldBeTrue();
        decision.ShouldCount(0, reason: CacheReason.NoMarkers);
        CacheStatus.Of(decision).ShouldBe("bypass");
    }

    [Fact]
    public void Decide_RequestThatFailed_WroteNothing()
    {
        _claude.Ask(new PromptDraft().System(Words(2000, "book"), Marked).User("q"));

        _claude.Turn(new PromptDraft().System(Words(2000, "book"), Marked).User("q")).ShouldCount(0, write: 2000);
    }

    [Theory]
    [InlineData(1023, 0)]
    [InlineData(1024, 1024)]
    public void Decide_AroundTheMinimum_CachesFromItOn(int tokens, int written)
    {
        PromptDraft Draft() => new PromptDraft().System(Words(tokens, "s"), Marked).User(Words(3000, "q"));

        var first = _claude.Turn(Draft());
        var second = _claude.Turn(Draft());

        first.ShouldCount(0, write: written, reason: written == 0 ? CacheReason.BelowMinimum : CacheReason.ExpiredOrNew);
        second.ShouldCount(written, reason: written == 0 ? CacheReason.BelowMinimum : CacheReason.Hit);
        (CacheStatus.Of(first), CacheStatus.Of(second)).ShouldBe(("miss", "hit"));
    }

    [Theory]
    [InlineData("claude-haiku-4-5", 4096)]
    [InlineData("claude-haiku-4.5", 4096)]
    [InlineData("claude-4-5-haiku-20251001", 4096)]
    [InlineData("anthropic/claude-haiku-4.5", 4096)]
    [InlineData("us.anthropic.claude-haiku-4-5-20251001-v1:0", 4096)]
    [InlineData("claude-3-5-haiku-20241022", 2048)]
    [InlineData("claude-haiku-3-5", 2048)]
    [InlineData("claude-haiku-3.5", 2048)]
    [InlineData("claude-3.5-haiku", 2048)]
    [InlineData("Claude-Opus-4-5@20251101", 4096)]
    [InlineData("claude-opus-4-6", 4096)]
    [InlineData("claude-opus-4-7", 2048)]
    [InlineData("claude-opus-4-8", 1024)]
    [InlineData("claude-opus-4-1-20250805", 1024)]
    [InlineData("claude-opus-4-20250514", 1024)]
    [InlineData("claude-opus-5", 512)]
    [InlineData("claude-opus-5-5", 1024)]
    [InlineData("claude-fable-5", 512)]
    [InlineData("claude-fable-5-1", 512)]
    [InlineData("claude-fable-5-2", 1024)]
    [InlineData("claude-mythos-5.1", 512)]
    [InlineData("claude-mythos-preview", 2048)]
    [InlineData("claude-sonnet-5", 1024)]
    [InlineData("claude-sonnet-4-5@20250929", 1024)]
    [InlineData("claude-sonnet-4-5-20250929", 1024)]
    [InlineData("claude-3-7-sonnet-latest", 1024)]
    [InlineData("claude-of-the-future", 1024)]
    public void Plan_Model_HasItsMinimum(string model, int minimum)
        => new PolicyBench(PolicyBench.Shipped("anthropic"), model).Plan(new PromptDraft().User("q", Marked)).Policy.MinTokens.ShouldBe(minimum);

    [Theory]
    [InlineData(24, 2500)]
    [InlineData(25, 0)]
    public void Decide_PromptOf25Parts_FindsAtDistance20AndNotAt21(int parts, int read)
    {
        // Written at the fifth part; the marked part counts as the first of the twenty.
        _claude.Turn(Parts(5));

        var decision = _claude.Turn(Parts(parts));

        decision.ShouldCount(read, write: (parts * 500) - read, reason: read > 0 ? CacheReason.Partial : CacheReason.LookbackExceeded);
        CacheStatus.Of(decision).ShouldBe(read > 0 ? "partial" : "miss");
    }

    [Fact]
    public void Decide_SecondMarkerWithinReach_FindsWhatTheLastOneIsTooFarFrom()
    {
        _claude.Turn(Parts(5));

        _claude.Turn(Parts(25, alsoMarked: 10)).ShouldCount(2500, write: 25 * 500 - 2500, reason: CacheReason.Partial);
    }

    [Fact]
    public void Decide_HitBetweenBreakpoints_IsOnlyAtWhatWasWritten()
    {
        // Parts one to four are known text, yet nobody wrote an entry at their ends.
        _claude.Turn(Parts(5));

        _claude.Turn(Parts(4)).ShouldCount(0, write: 2000, reason: CacheReason.ExpiredOrNew);
    }

    [Fact]
    public void Decide_MarkerMovesToTheNewestMessage_EachTurnReadsTheTurnBefore()
    {
        var before = 0;
        for (var turn = 1; turn <= 12; turn++)
        {
            var draft = new PromptDraft().System(Words(1200, "s"));
            for (var i = 1; i < turn; i++)
            {
                draft.User(Words(40, $"q{i}")).Assistant(Words(60, $"a{i}"));
            }

            draft.User(Words(40, $"q{turn}"), Marked);
            var now = 1200 + ((turn - 1) * 100) + 40;

            _claude.Turn(draft).ShouldCount(before, write: now - before);
            before = now;
        }
    }

    [Fact]
    public void Decide_FourBreakpoints_OnlyTheLastPartChanges()
    {
        PromptDraft Conversation(int turn)
        {
            var draft = new PromptDraft()
                .Tool(Words(300, "search"))
                .Tool(LastTool(1000, "get"), Marked)
                .System(Words(800, "instructions"), Marked)
                .System(Words(5000, "documents"), Marked);
            for (var i = 1; i < turn; i++)
            {
                draft.User(Words(20, $"q{i}")).Assistant(Words(30, $"a{i}"));
            }

            return draft.User(Words(20, $"q{turn}"), Marked);
        }

        _claude.Turn(Conversation(1)).ShouldCount(0, write: 7120);
        _claude.Turn(Conversation(2)).ShouldCount(7120, write: 50, reason: CacheReason.Partial);
        _claude.Turn(Conversation(2)).ShouldCount(7170, reason: CacheReason.Hit);
    }

    [Fact]
    public void Decide_FourBreakpointsAndOtherDocuments_ToolsAndInstructionsSurvive()
    {
        PromptDraft Conversation(string documents) => new PromptDraft()
            .Tool(LastTool(1300, "get"), Marked)
            .System(Words(800, "instructions"), Marked)
            .System(Words(5000, documents), Marked)
            .User("q", Marked);

        _claude.Turn(Conversation("monday"));

        _claude.Turn(Conversation("tuesday")).ShouldCount(2100, write: 5001);
    }

    [Fact]
    public void Decide_HourBeforeFiveMinutes_BillsAThenBThenC()
    {
        PromptDraft Draft(string question) => new PromptDraft()
            .Tool(LastTool(1100, "tools"), ForAnHour)
            .System(Words(2000, "system"), ForAnHour)
            .User(Words(500, question), Marked)
            .User("rest");

        _claude.Turn(Draft("one")).ShouldCount(0, write: 500, write1h: 3100);
        _claude.Turn(Draft("two")).ShouldCount(3100, write: 500, write1h: 0);
    }

    [Fact]
    public void Decide_HourAfterAHit_OnlyTheNewPartIsWrittenForAnHour()
    {
        _claude.Turn(new PromptDraft().Tool(LastTool(1100, "tools"), ForAnHour).User("q"));

        _claude.Turn(new PromptDraft().Tool(LastTool(1100, "tools"), ForAnHour).System(Words(2000, "system"), ForAnHour).User(Words(500, "q"), Marked))
            .ShouldCount(1100, write: 500, write1h: 2000);
    }

    [Fact]
    public void Decide_HourlyEntry_OutlivesTheOthers()
    {
        PromptDraft Draft() => new PromptDraft().System(Words(2000, "system"), ForAnHour).User(Words(500, "q"), Marked);

        _claude.Turn(Draft());
        _claude.Wait(TimeSpan.FromMinutes(6));

        _claude.Turn(Draft()).ShouldCount(2000, write: 500, reason: CacheReason.Partial);
    }

    [Fact]
    public void Decide_UsedWithinItsLifetime_LivesOnAtNoCost()
    {
        PromptDraft Draft() => new PromptDraft().System(Words(2000, "system"), Marked).User("q");

        _claude.Turn(Draft());
        for (var i = 0; i < 5; i++)
        {
            _claude.Wait(TimeSpan.FromMinutes(4));
            _claude.Turn(Draft()).ShouldCount(2000);
        }

        _claude.Wait(TimeSpan.FromMinutes(5));
        _claude.Turn(Draft()).ShouldCount(0, write: 2000, reason: CacheReason.ExpiredOrNew);
    }

    [Fact]
    public void Decide_NewBreakpointInsideWhatIsRead_IsWrittenFreeAndForTheDefaultLifetime()
    {
        _claude.Turn(new PromptDraft().System(Words(1500, "a")).System(Words(1500, "b"), Marked).User("q"));
        var second = _claude.Turn(new PromptDraft().System(Words(1500, "a"), ForAnHour).System(Words(1500, "b"), Marked).User("q"));

        second.ShouldCount(3000, reason: CacheReason.Hit);
        second.Writes.ShouldBe([new AnchorWrite(12, TimeSpan.FromMinutes(5))]);
        _claude.Turn(new PromptDraft().System(Words(1500, "a"), Marked).System(Words(1500, "other")).User("q")).ShouldCount(1500);
    }

    [Fact]
    public void Decide_BreakpointFound_IsNotWrittenAgain()
    {
        PromptDraft Draft() => new PromptDraft().System(Words(1500, "a"), Marked).User("q");
        _claude.Turn(Draft());

        _claude.Turn(Draft()).Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreOutcome.TimedOut)]
    [InlineData(StoreOutcome.Failed)]
    [InlineData(StoreOutcome.Bypassed)]
    public void Decide_StoreDidNotAnswer_AssumesNothingAndBillsNothing(StoreOutcome outcome)
    {
        var plan = _claude.Plan(new PromptDraft().System(Words(1500, "a"), Marked).User("q"));

        var decision = CachePlanner.Decide(plan, PrefixMatch.Missing(outcome));

        decision.ShouldCount(0, reason: CacheReason.StoreUnavailable);
        decision.Writes.ShouldBeEmpty();
        CacheStatus.Of(decision).ShouldBe("unknown");
    }

    [Fact]
    public void Validate_FifthBreakpoint_IsRefusedByItsPath()
    {
        var error = _claude.Validate(new PromptDraft().Tool("t", Marked).System("a", Marked).System("b", Marked).User("c", Marked).User("d", Marked));

        error.ShouldNotBeNull().Param.ShouldBe("messages[4].content[0].cache_control");
        error.Message.ShouldContain("4");
    }

    [Fact]
    public void Validate_FourBreakpoints_Pass()
        => _claude.Validate(new PromptDraft().Tool("t", Marked).System("a", Marked).System("b", Marked).User("c", Marked).User("d")).ShouldBeNull();

    [Fact]
    public void Validate_LongerAfterShorter_IsRefusedByItsPath()
        => _claude.Validate(new PromptDraft().Tool("t", Marked).System("a").User("b", ForAnHour)).ShouldNotBeNull().Param.ShouldBe("messages[2].content[0].cache_control.ttl");

    [Fact]
    public void Validate_LongerBeforeShorter_Passes()
        => _claude.Validate(new PromptDraft().Tool("t", ForAnHour).System("a", new(true, TimeSpan.FromMinutes(5))).User("b", Marked)).ShouldBeNull();

    [Fact]
    public void Validate_TtlThatThePolicyDoesNotHave_IsRefused()
        => _claude.Validate(new PromptDraft().Tool("t", new(true, TimeSpan.FromMinutes(30)))).ShouldNotBeNull().Param.ShouldBe("tools[0].cache_control.ttl");

    [Fact]
    public void Plan_Automatic_StandsOnTheLastCacheableSegment()
    {
        var draft = new PromptDraft { Automatic = Marked }.System(Words(1500, "a")).User("q");
        draft.Add(SegmentLevel.Messages, SegmentKind.Reasoning, SegmentRole.Assistant, "thoughts", default, startsMessage: false);
        draft.User("");

        _claude.Plan(draft).Breakpoints.Select(b => b.Segment).ShouldBe([1]);
    }

    [Fact]
    public void Plan_AutomaticOnAMarkedSegment_IsTheSameBreakpoint()
        => _claude.Plan(new PromptDraft { Automatic = Marked }.System(Words(1500, "a"), Marked).User("q", Marked)).Breakpoints.Length.ShouldBe(2);

    [Fact]
    public void Validate_AutomaticOnASegmentOfAnotherTtl_IsRefused()
        => _claude.Validate(new PromptDraft { Automatic = ForAnHour }.User("q", Marked)).ShouldNotBeNull().Param.ShouldBe("cache_control");

    [Fact]
    public void Validate_AutomaticWithAllSlotsUsed_IsRefused()
        => _claude.Validate(new PromptDraft { Automatic = Marked }.Tool("t", Marked).System("a", Marked).System("b", Marked).User("c", Marked).User("d"))
            .ShouldNotBeNull().Param.ShouldBe("cache_control");

    [Fact]
    public void Validate_AutomaticOnTheFourthMarker_IsNoFifth()
        => _claude.Validate(new PromptDraft { Automatic = Marked }.Tool("t", Marked).System("a", Marked).System("b", Marked).User("c", Marked)).ShouldBeNull();

    [Fact]
    public void Decide_Automatic_FollowsTheConversation()
    {
        PromptDraft Turn(int turns)
        {
            var draft = new PromptDraft { Automatic = Marked }.System(Words(1200, "s"));
            for (var i = 0; i < turns; i++)
            {
                draft.User(Words(100, $"m{i}"));
            }

            return draft;
        }

        _claude.Turn(Turn(1)).ShouldCount(0, write: 1300);
        _claude.Turn(Turn(3)).ShouldCount(1300, write: 200);
    }

    // The invalidation table, as far as a chain shows it: tools, system and messages marked, then one thing changes.
    [Theory]
    [InlineData("tools", 0)]
    [InlineData("system", 1100)]
    [InlineData("salt", 2300)]
    [InlineData("message", 2300)]
    [InlineData("nothing", 3600)]
    public void Decide_OneThingChanged_KeepsTheLevelsBefore(string changed, int read)
    {
        PromptDraft Draft(string now) => new PromptDraft { Salt = now == "salt" ? "tool_choice=none" : "tool_choice=auto" }
            .Tool(LastTool(1100, now == "tools" ? "t2" : "t"), Marked)
            .System(Words(1200, now == "system" ? "s2" : "s"), Marked)
            .User(Words(1300, now == "message" ? "m2" : "m"), Marked);

        _claude.Turn(Draft("as it was"));

        _claude.Turn(Draft(changed)).ShouldCount(read, write: 3600 - read);
    }

    private static PromptDraft Parts(int count, int alsoMarked = 0)
    {
        var draft = new PromptDraft();
        for (var i = 1; i <= count; i++)
        {
            draft.User(Words(500, $"part{i}x"), i == count || i == alsoMarked ? Marked : default);
        }

        return draft;
    }
}
