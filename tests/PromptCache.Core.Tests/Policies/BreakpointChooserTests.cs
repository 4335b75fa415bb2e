using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;
using PromptCache.Core.Tests.Blocks;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Policies;

/// <summary>Which segments are marked for a client that marks none. A word is a token; the minimum is 1,024.</summary>
public sealed class BreakpointChooserTests
{
    private static readonly CachePolicy Anthropic = PolicyBench.Shipped("anthropic");
    private static readonly ChainIdentity Identity = new("acme", "provider", "model", "words");

    private readonly ChainBuilder _builder = new("0123456789abcdef0123456789abcdef"u8.ToArray(), memoBytes: 1 << 20);
    private readonly WordTokenizer _words = new();

    [Fact]
    public void Choose_Off_MarksNothing() => Choose(BreakpointMode.Off, Agent(), known: 6).ShouldBeEmpty();

    [Fact]
    public void Choose_Always_MarksLastToolLastSystemPartAndLastMessage() => Choose(BreakpointMode.Always, Agent(), known: 0).ShouldBe([1, 3, 6]);

    // Segments: tool, tool, system, system, user, assistant, user.
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "0")]             // one tool of two: the last that is known
    [InlineData(2, "1")]
    [InlineData(3, "1 2")]           // a system part of two
    [InlineData(4, "1 3")]           // a new question: tools and system alone
    [InlineData(5, "1 3 4 6")]       // the next turn: the answer follows what is known
    [InlineData(6, "1 3 5")]         // up to an answer and then another question: nothing says that this question comes again
    [InlineData(7, "1 3 6")]         // the same prompt again
    public void Choose_Adaptive_MarksWhatIsKnownAndTheEndOfAPromptThatGrows(int known, string expected)
        => string.Join(' ', Choose(BreakpointMode.Adaptive, Agent(), known)).ShouldBe(expected);

    [Fact]
    public void Choose_ExamplesAndEverNewQuestions_NeverMarksTheQuestion()
    {
        var draft = new PromptDraft().System(Words(1100, "s")).User("example").Assistant("answer").User("example2").Assistant("answer2").User(Words(2000, "question"));

        Choose(BreakpointMode.Adaptive, draft, known: 5).ShouldBe([0, 4]);
    }

    [Fact]
    public void Choose_ToolResults_AreTheEndOfAPromptThatGrows()
    {
        var draft = new PromptDraft().System(Words(1100, "s")).User("do it");
        Tool(draft, SegmentKind.ToolCall, SegmentRole.Assistant, "call1");
        Tool(draft, SegmentKind.ToolResult, SegmentRole.Tool, "result1");
        Tool(draft, SegmentKind.ToolCall, SegmentRole.Assistant, "call2");
        Tool(draft, SegmentKind.ToolResult, SegmentRole.Tool, "result2");

        Choose(BreakpointMode.Adaptive, draft, known: 4).ShouldBe([0, 3, 5]);
    }

    [Fact]
    public void Choose_BelowTheMinimum_MarksNothing()
    {
        Choose(BreakpointMode.Always, new PromptDraft().System(Words(500, "s")).User(Words(523, "u")), known: 2).ShouldBeEmpty();
        Choose(BreakpointMode.Always, new PromptDraft().System(Words(500, "s")).User(Words(524, "u")), known: 2).ShouldBe([1]);
        Choose(BreakpointMode.Adaptive, new PromptDraft().System(Words(1023, "s")).User(Words(99, "u")), known: 1).ShouldBeEmpty();
        Choose(BreakpointMode.Adaptive, new PromptDraft().System(Words(1024, "s")).User(Words(99, "u")), known: 1).ShouldBe([0]);
    }

    [Fact]
    public void Choose_ModelWithAHigherMinimum_TakesThatOne()
    {
        var draft = new PromptDraft().System(Words(2000, "s")).User("u");
        using var list = draft.Build();
        var chain = _builder.Build(Identity, list, _words.Model());
        var policy = CachePlanner.Plan(Anthropic, "claude-haiku-4-5", list, chain).Policy;

        BreakpointChooser.Choose(BreakpointMode.Always, policy, list, chain, PrefixMatch.None).ShouldBeEmpty();
    }

    [Fact]
    public void Choose_WhereMarkersNeedMoreThanTheImplicitCache_TakesTheMarkersMinimum()
    {
        var qwen = PolicyBench.Shipped("qwen");

        Choose(BreakpointMode.Always, new PromptDraft().User(Words(1023, "u")), known: 0, qwen).ShouldBeEmpty();
        Choose(BreakpointMode.Always, new PromptDraft().User(Words(1024, "u")), known: 0, qwen).ShouldBe([0]);
    }

    [Fact]
    public void Choose_WhatCannotBeMarked_IsPassedOver()
    {
        var draft = new PromptDraft().System(Words(1100, "s"));
        draft.Add(SegmentLevel.System, SegmentKind.Schema, SegmentRole.None, "schema", default, startsMessage: false);
        draft.User("hello");
        draft.Add(SegmentLevel.Messages, SegmentKind.Reasoning, SegmentRole.Assistant, "thought", default, startsMessage: true);
        draft.Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.Assistant, "", default, startsMessage: false);
        draft.Add(SegmentLevel.Messages, SegmentKind.Null, SegmentRole.Assistant, "", default, startsMessage: false);

        Choose(BreakpointMode.Always, draft, known: 0).ShouldBe([0, 2]);
    }

    [Fact]
    public void Choose_RequestWithItsOwnMarkers_IsLeftAlone()
    {
        Choose(BreakpointMode.Always, new PromptDraft().System(Words(1100, "s"), Marked).User("u"), known: 2).ShouldBeEmpty();
        Choose(BreakpointMode.Always, new PromptDraft { Automatic = Marked }.System(Words(1100, "s")).User("u"), known: 2).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-5.6")]     // the provider marks by itself
    [InlineData("deepseek")]
    [InlineData("none")]
    public void CanHelp_ProviderThatNeedsNoMarkers_No(string policy)
        => Choose(BreakpointMode.Always, Agent(), known: 7, PolicyBench.Shipped(policy)).ShouldBeEmpty();

    [Fact]
    public void Choose_OnlyTheLastMarkerCounts_MarksWhatDoesNotMove()
    {
        var gemini = PolicyBench.Shipped("gemini");

        Choose(BreakpointMode.Always, new PromptDraft().System(Words(5000, "s")).User("u"), known: 0, gemini).ShouldBe([0]);
        Choose(BreakpointMode.Adaptive, new PromptDraft().System("s").User(Words(5000, "u")).Assistant("a").User("u"), known: 2, gemini).ShouldBeEmpty();
    }

    [Fact]
    public void Choose_FewerSlots_KeepsTheDeepest()
        => Choose(BreakpointMode.Adaptive, Agent(), known: 5, Anthropic with { MaxBreakpoints = 2 }).ShouldBe([4, 6]);

    [Fact]
    public void Choose_StoreWithoutAnAnswer_MarksNothing()
    {
        using var list = Agent().Build();
        var chain = _builder.Build(Identity, list, _words.Model());

        BreakpointChooser.Choose(BreakpointMode.Adaptive, Anthropic, list, chain, PrefixMatch.Missing(StoreOutcome.TimedOut)).ShouldBeEmpty();
    }

    private static PromptDraft Agent() => new PromptDraft()
        .Tool(Words(1100, "t")).Tool(LastTool(200, "t2"))
        .System(Words(300, "s")).System(Words(300, "s2"))
        .User(Words(100, "u")).Assistant(Words(100, "a")).User(Words(100, "v"));

    private static void Tool(PromptDraft draft, SegmentKind kind, SegmentRole role, string text)
        => draft.Add(SegmentLevel.Messages, kind, role, text, default, startsMessage: true);

    private int[] Choose(BreakpointMode mode, PromptDraft draft, int known, CachePolicy? policy = null)
    {
        using var list = draft.Build();
        var chain = _builder.Build(Identity, list, _words.Model());
        var match = known == 0 ? PrefixMatch.None : PrefixMatch.None with { Blocks = chain.SegmentEnds[known - 1] };
        return [.. BreakpointChooser.Choose(mode, policy ?? Anthropic, list, chain, match)];
    }
}
