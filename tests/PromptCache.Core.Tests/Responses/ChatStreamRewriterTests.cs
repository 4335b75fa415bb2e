using PromptCache.Core.Usage;
using static PromptCache.Core.Tests.Responses.StreamReplay;

namespace PromptCache.Core.Tests.Responses;

/// <summary>Where upstreams put usage, and what the client sees of it.</summary>
public sealed class ChatStreamRewriterTests
{
    private const string Head = "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":17,\"model\":\"m-1\"";
    private const string Hello = "data: {" + Head + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hé\\n\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {" + Head + ",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Reported = "{\"prompt_tokens\":1550,\"completion_tokens\":200,\"total_tokens\":1750,\"prompt_tokens_details\":{\"cached_tokens\":1024}}";
    private const string UsageChunk = "data: {" + Head + ",\"choices\":[],\"usage\":" + Reported + "}\n\n";

    private const string Muted = "data: {" + Head + ",\"choices\":[],\"usage\":null}\n\n";

    private static string OurChunk(string usage, string source) => $"data: {{{Head},\"choices\":[],\"usage\":{usage},\"cost_details\":{TestSettler.CostOf(source)}}}\n\n";

    [Fact]
    public async Task Write_UsageChunkAsked_CostBehindUsage()
    {
        var result = await RunAsync(Hello + Stop + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + OurChunk(Reported, "provider") + Done);
        result.SawDone.ShouldBeTrue();
        result.Truncated.ShouldBeFalse();
        result.Model.ShouldBe("m-1");
        result.FinishReason.ShouldBe("stop");
        result.Settler.Completion.ShouldBe("", "the upstream counted");
    }

    [Fact]
    public async Task Write_UsageChunkNotAsked_SwallowedButSettled()
    {
        var result = await RunAsync(Hello + Stop + UsageChunk + Done, Options(show: false), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + Done);
        result.Settled!.Usage.CacheRead.ShouldBe(1024);
    }

    [Fact]
    public async Task Write_UsageNullOnEveryChunk_PassesAndLastCounts()
    {
        var wire = (Hello + Stop).Replace("]}\n", "],\"usage\":null}\n", StringComparison.Ordinal);
        var result = await RunAsync(wire + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(wire + OurChunk(Reported, "provider") + Done);
    }

    [Fact]
    public async Task Write_NoUsageAsked_OwnChunkBeforeDone()
    {
        var result = await RunAsync(Hello + Stop + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + OurChunk("{\"prompt_tokens\":1000,\"completion_tokens\":4,\"total_tokens\":1004,\"prompt_tokens_details\":{\"cached_tokens\":500}}", "store") + Done);
        result.Settler.Reported.ShouldBeNull();
        result.Settler.Completion.ShouldBe("Hé\n");
    }

    [Fact]
    public async Task Write_NoUsageNotAsked_NothingAddedButSettled()
    {
        var result = await RunAsync(Hello + Stop + Done, Options(show: false), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + Done);
        result.Settled.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"!\"},\"finish_reason\":\"stop\"}],\"usage\":U")]            // Mistral, Together, Gemini's OpenAI-compatible route
    [InlineData("\"usage\":U,\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]")]
    [InlineData("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":U}]")]                          // Moonshot
    [InlineData("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{\"id\":\"r\",\"usage\":U}")] // Groq
    public async Task Write_UsageOnFinishChunk_PassesMutedAndFollowsInAChunkOfItsOwn(string members)
    {
        string Chunk(string usage) => $"data: {{{Head},{members.Replace("U", usage, StringComparison.Ordinal)}}}\n\n";
        var result = await RunAsync(Hello + Chunk(Reported) + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Chunk("null") + OurChunk(Reported, "provider") + Done);
        result.Settler.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":U")]
    [InlineData("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":U}]")]
    public async Task Write_UsageOnFinishChunkNotAsked_PassesAsItIs(string members)
    {
        var wire = $"{Hello}data: {{{Head},{members.Replace("U", Reported, StringComparison.Ordinal)}}}\n\n{Done}";
        var result = await RunAsync(wire, Options(show: false), () => new TestSettler());
        result.Text.ShouldBe(wire);
        result.Settled!.Usage.CacheRead.ShouldBe(1024);
    }

    [Fact]
    public async Task Write_UsageOnFinishChunkAndAgainOnEmptyOne_LastCountsAndIsShownOnce()
    {
        var finish = $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],\"usage\":U}}\n\n";
        var early = finish.Replace("U", "{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}", StringComparison.Ordinal);
        var result = await RunAsync(Hello + early + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + finish.Replace("U", "null", StringComparison.Ordinal) + OurChunk(Reported, "provider") + Done);
    }

    [Fact]
    public async Task Write_UsageOnEmptyDeltaBehindFinish_MutedAndFollowsInAChunkOfItsOwn()
    {
        string Last(string usage) => $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"\"}},\"finish_reason\":null}}],\"usage\":{usage}}}\n\n";
        var result = await RunAsync(Hello + Stop + Last(Reported) + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + Last("null") + OurChunk(Reported, "provider") + Done);
    }

    [Theory]
    [InlineData("4.9e-04", "4.9e-04")]
    [InlineData("0.5", "0.5")]
    [InlineData("null", "0.00049")]
    public async Task Write_UsageCostThatTheUpstreamReports_IsTheTotal(string before, string after)
    {
        string Usage(string cost) => Reported[..^1] + ",\"cost\":" + cost + "}";
        var result = await RunAsync(Hello + UsageChunk.Replace(Reported, Usage(before), StringComparison.Ordinal) + Done, Options(cost: true), () => new TestSettler { TotalIsReported = true });
        result.Text.ShouldContain(Usage(after));
    }

    [Fact]
    public async Task Write_RunningTotalBehindAUsageChunk_IsTheLastWord()
    {
        var last = Reported.Replace("200", "201", StringComparison.Ordinal).Replace("1750", "1751", StringComparison.Ordinal);
        var late = Hello.Replace("]}\n", "],\"usage\":" + last + "}\n", StringComparison.Ordinal);
        var result = await RunAsync(Hello + UsageChunk + late + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Muted + late + OurChunk(last, "provider") + Done);
        result.Settled!.Usage.CompletionTokens.ShouldBe(201);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Done)]
    public async Task Write_InterimUsageChunk_TheLastOneIsBilledAndShown(string end)
    {
        var wire = Hello + UsageChunk.Replace(Reported, "{\"prompt_tokens\":210,\"completion_tokens\":0}", StringComparison.Ordinal) + Hello + UsageChunk + end;
        var shown = await RunAsync(wire, Options(), () => new TestSettler());
        shown.Text.ShouldBe(Hello + Muted + Hello + OurChunk(Reported, "provider") + end);
        shown.Settled!.Usage.CompletionTokens.ShouldBe(200);
        var hidden = await RunAsync(wire, Options(show: false), () => new TestSettler());
        hidden.Text.ShouldBe(Hello + Hello + end);
        hidden.Settled!.Usage.CompletionTokens.ShouldBe(200);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Write_UsageChunkTwice_TheSecondIsBilledAndShown(string lineEnd)
    {
        string Lines(string wire) => wire.Replace("\n", lineEnd, StringComparison.Ordinal);
        var first = UsageChunk.Replace("200", "2", StringComparison.Ordinal);
        var result = await RunAsync(Lines(Hello + Stop + first + ": between\n\n" + UsageChunk + ": behind\n\n" + Done), Options(), () => new TestSettler());
        result.Text.ShouldBe(Lines(Hello + Stop + ": between\n\n" + ": behind\n\n" + OurChunk(Reported, "provider") + Done));
        result.Settled!.Usage.CompletionTokens.ShouldBe(200);
    }

    [Fact]
    public async Task Write_ContentBehindTheLastUsageChunk_FollowsAndUsageIsStillLast()
    {
        var wire = Hello + UsageChunk + Hello + Stop;
        var expected = Hello + Muted + Hello + Stop + OurChunk(Reported, "provider");
        (await RunAsync(wire + Done, Options(), () => new TestSettler())).Text.ShouldBe(expected + Done);
        (await RunAsync(wire, Options(), () => new TestSettler())).Text.ShouldBe(expected);
        (await RunAsync(wire.TrimEnd(), Options(), () => new TestSettler())).Text.ShouldBe(expected);
    }

    [Fact]
    public async Task Write_InterimUsageWithOutputThenLastWithout_AllTextIsCounted()
    {
        var last = UsageChunk.Replace(Reported, "{\"prompt_tokens\":1550}", StringComparison.Ordinal);
        var result = await RunAsync(Hello + UsageChunk + Hello + last + Done, Options(), () => new TestSettler());
        result.Settler.Completion.ShouldBe("Hé\nHé\n");
        result.Settled!.Usage.CompletionTokens.ShouldBe(8);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Done)]
    public async Task Write_OnlyTheUsageChunk_IsShown(string end)
    {
        (await RunAsync(UsageChunk + end, Options(), () => new TestSettler())).Text.ShouldBe(OurChunk(Reported, "provider") + end);
        (await RunAsync(UsageChunk + end, Options(show: false), () => new TestSettler())).Text.ShouldBe(end);
    }

    [Theory]
    [InlineData("data: {\"half")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"a")]
    public async Task Complete_CutBehindTheUsageChunk_ItGoesBeforeTheRest(string rest)
    {
        var result = await RunAsync(Hello + Stop + UsageChunk + rest, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + OurChunk(Reported, "provider") + rest);
        result.Truncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Write_ErrorBehindTheUsageChunk_UsageIsStillShown()
    {
        const string Error = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
        var result = await RunAsync(Hello + UsageChunk + Error + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Error + OurChunk(Reported, "provider") + Done);
    }

    [Fact]
    public async Task Write_ErrorThatCarriesUsage_ReachesAClientThatDidNotAsk()
    {
        var wire = Hello + "data: {\"error\":{\"message\":\"overloaded\"},\"usage\":" + Reported + "}\n\n" + Done;
        (await RunAsync(wire, Options(show: false), () => new TestSettler())).Text.ShouldBe(wire);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, ",\"cost\":0.00049")]
    public async Task Write_UpstreamPricesInStoreMode_OursOrNone(bool cost, string ours)
    {
        const string Prices = ",\"cost\":9.9,\"cost_in_usd_ticks\":99,\"cost_details\":{\"upstream_inference_cost\":9.9},\"estimated_cost\":9.9,\"is_byok\":false";
        string Running(string prices) => Hello.Replace("]}\n", "],\"usage\":{\"prompt_tokens\":1550,\"completion_tokens\":1,\"total_tokens\":1551" + prices + "}}\n", StringComparison.Ordinal);
        var wire = Running(Prices) + UsageChunk.Replace(Reported, Reported[..^1] + Prices + "}", StringComparison.Ordinal) + Done;
        var final = Reported.Replace("1024}}", "500,\"cache_write_tokens\":100}" + ours + "}", StringComparison.Ordinal);
        var shown = await RunAsync(wire, Options(cost: cost, store: true), () => new TestSettler { StoreMode = true });
        shown.Text.ShouldBe(Running("") + OurChunk(final, "store") + Done);
        var hidden = await RunAsync(wire, Options(show: false, store: true), () => new TestSettler { StoreMode = true });
        hidden.Text.ShouldBe(Running("") + Done);
    }

    [Fact]
    public async Task Write_UpstreamPricesBesideUsageInStoreMode_OursOrNone()
    {
        string Priced(string chunk, string cost, string details) => chunk.Replace(",\"choices\"", $",\"cost\":{cost},\"cost_details\":{details},\"choices\"", StringComparison.Ordinal);
        var result = await RunAsync(Priced(Hello, "9.9", "{\"a\":9.9}") + Priced(UsageChunk, "9.9", "{\"a\":9.9}") + Done, Options(store: true), () => new TestSettler { StoreMode = true });
        var final = Reported.Replace("1024}}", "500,\"cache_write_tokens\":100}}", StringComparison.Ordinal);
        result.Text.ShouldBe(Priced(Hello, "null", "null") + Priced(UsageChunk, "0.00049", TestSettler.CostOf("store")).Replace(Reported, final, StringComparison.Ordinal) + Done);
    }

    [Fact]
    public async Task Write_GroqUsageTwice_ShownOnce()
    {
        var finish = $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],\"x_groq\":{{\"usage\":U}}}}\n\n";
        var result = await RunAsync(Hello + finish.Replace("U", Reported, StringComparison.Ordinal) + UsageChunk + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + finish.Replace("U", "null", StringComparison.Ordinal) + OurChunk(Reported, "provider") + Done);
    }

    [Fact]
    public async Task Write_RunningTotals_PassAndTheLastCounts()
    {
        string Running(int n) => $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"x\"}}}}],\"usage\":{{\"prompt_tokens\":1550,\"completion_tokens\":{n},\"total_tokens\":{1550 + n}}}}}\n\n";
        var result = await RunAsync(Running(1) + Running(2) + Stop + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Running(1) + Running(2) + Stop + OurChunk(Reported, "provider") + Done);
        result.Settled!.Usage.CompletionTokens.ShouldBe(200);
    }

    [Fact]
    public async Task Write_RunningTotalsInStoreMode_WithoutTheUpstreamsCacheFields()
    {
        string Running(string cache) => $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"x\"}}}}],\"usage\":{{\"prompt_tokens\":1550,\"completion_tokens\":2,\"total_tokens\":1552{cache}}}}}\n\n";
        var result = await RunAsync(
            Running(",\"prompt_cache_hit_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":9,\"audio_tokens\":0}") + UsageChunk + Done,
            Options(store: true),
            () => new TestSettler { StoreMode = true });
        result.Text.ShouldBe(
            Running(",\"prompt_tokens_details\":{\"audio_tokens\":0}")
            + OurChunk("{\"prompt_tokens\":1550,\"completion_tokens\":200,\"total_tokens\":1750,\"prompt_tokens_details\":{\"cached_tokens\":500,\"cache_write_tokens\":100}}", "store")
            + Done);
    }

    [Fact]
    public async Task Write_EmptyUsageChunkBeforeContent_IsNotTheLastWord()
    {
        var early = $"data: {{{Head},\"choices\":[],\"usage\":U}}\n\n";
        var wire = early.Replace("U", "{\"prompt_tokens\":1550,\"completion_tokens\":0}", StringComparison.Ordinal) + Hello + Stop + UsageChunk + Done;
        (await RunAsync(wire, Options(), () => new TestSettler())).Text.ShouldBe(early.Replace("U", "null", StringComparison.Ordinal) + Hello + Stop + OurChunk(Reported, "provider") + Done);
        (await RunAsync(wire, Options(show: false), () => new TestSettler())).Text.ShouldBe(Hello + Stop + Done);
    }

    [Fact]
    public async Task Complete_NoDoneButFinished_SettlesAndAddsTheChunk()
    {
        var result = await RunAsync(Hello + Stop, Options(), () => new TestSettler());
        result.Text.ShouldStartWith(Hello + Stop + "data: {" + Head + ",\"choices\":[],\"usage\":");
        result.SawDone.ShouldBeFalse();
        result.Truncated.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"a")]
    public async Task Complete_Cut_PassesTheRestAndAddsNothing(string rest)
    {
        var result = await RunAsync(Hello + rest, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + rest);
        result.Truncated.ShouldBeTrue();
        result.Settler.Completion.ShouldStartWith("Hé\n");
    }

    [Fact]
    public async Task Complete_CutInsideUsageChunk_IsTruncated()
    {
        var result = await RunAsync(Hello + Stop + UsageChunk[..60], Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + UsageChunk[..60]);
        result.Truncated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\n")]
    [InlineData("data:[DONE]\r\n")]
    public async Task Complete_LastBlankLineMissing_DoneStillCounts(string done)
    {
        var result = await RunAsync(Hello + Stop + UsageChunk + done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + Stop + OurChunk(Reported, "provider") + done);
        result.SawDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Complete_UsageChunkWithoutBlankLine_StillRewrittenOrSwallowed()
    {
        (await RunAsync(Hello + Stop + UsageChunk.TrimEnd(), Options(), () => new TestSettler())).Text.ShouldBe(Hello + Stop + OurChunk(Reported, "provider").TrimEnd());
        (await RunAsync(Hello + Stop + UsageChunk.TrimEnd(), Options(show: false), () => new TestSettler())).Text.ShouldBe(Hello + Stop);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Complete_FinishChunkWithoutBlankLine_IsEndedBeforeOurs(string end)
    {
        var result = await RunAsync(Hello + Stop.TrimEnd() + end, Options(), () => new TestSettler());
        result.Text.ShouldStartWith(Hello + Stop + "data: {" + Head);
    }

    [Fact]
    public async Task Write_ErrorMidStream_PassesAndNothingIsAdded()
    {
        var wire = Hello + "data: {\"error\":{\"message\":\"overloaded\",\"code\":529}}\n\n" + Done;
        var result = await RunAsync(wire, Options(), () => new TestSettler());
        result.Text.ShouldBe(wire);
        result.SawError.ShouldBeTrue();
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Write_OtherLineEnds_AreKept(string lineEnd)
    {
        string Lines(string wire) => wire.Replace("\n", lineEnd, StringComparison.Ordinal);
        var shown = await RunAsync(Lines("id: 1\n" + Hello + Stop + "event: u\n" + UsageChunk + Done), Options(), () => new TestSettler());
        shown.Text.ShouldBe(Lines("id: 1\n" + Hello + Stop + "event: u\n" + OurChunk(Reported, "provider") + Done));
        var hidden = await RunAsync(Lines(Hello + UsageChunk + Done), Options(show: false), () => new TestSettler());
        hidden.Text.ShouldBe(Lines(Hello + Done));
        var added = await RunAsync(Lines(Hello + Stop + Done), Options(), () => new TestSettler());
        added.Text.ShouldStartWith(Lines(Hello + Stop));
        added.Text.ShouldEndWith(lineEnd + lineEnd + Lines(Done));
    }

    [Fact]
    public async Task Write_DataOverSeveralLines_ReadAsOneAndRewrittenInPlace()
    {
        var split = UsageChunk.Replace(",\"usage\"", ",\ndata:\"usage\"", StringComparison.Ordinal);
        var result = await RunAsync(Hello + split + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + OurChunk(Reported, "provider").Replace(",\"usage\"", ",\ndata:\"usage\"", StringComparison.Ordinal) + Done);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData(": connected\n\n")]
    [InlineData(": PROCESSING\n\n\n\nretry: 3000\n\n")]
    [InlineData("event: ping\ndata: {\"type\":\"ping\"}\n\n")]
    [InlineData("data: not json\n\n")]
    [InlineData("data: {\"choices\":\n\n")]
    [InlineData("data: {\"choices\":{\"usage\":1},\"usage\":[1]}\n\n")]
    [InlineData("data: [1,2]\n\ndata: 7\n\ndata:\n\ndata\n\n")]
    [InlineData("data: {}{}\n\n")]
    [InlineData("data: {\"choices\":[null,1,\"x\",[{}],{\"delta\":null},{\"delta\":[1]}]}\n\n")]
    public async Task Write_WhatCannotBeReadOrIsNotOurs_PassesAsItIs(string prefix)
    {
        var result = await RunAsync(prefix + Hello + Stop + UsageChunk + Done, Options(), () => new TestSettler());
        result.Text.ShouldStartWith(prefix + Hello + Stop);
        result.Text.ShouldContain("cost_details");
        result.Settled!.Usage.CacheRead.ShouldBe(1024);
    }

    [Fact]
    public async Task Write_BehindDone_PassesUnread()
    {
        var wire = Hello + Done + UsageChunk + "data: {\"half";
        var result = await RunAsync(wire, Options(show: false), () => new TestSettler());
        result.Text.ShouldBe(wire);
    }

    [Fact]
    public async Task Write_OnlyDone_NothingAdded()
    {
        var result = await RunAsync("\uFEFF" + Done, Options(), () => new TestSettler());
        result.Text.ShouldBe("\uFEFF" + Done);
        result.Settled.ShouldNotBeNull();
    }

    [Fact]
    public async Task Write_EventTooLong_PassesUnreadAndTheNextIsReadAgain()
    {
        var longEvent = Hello.Replace("Hé", new string('x', 400), StringComparison.Ordinal);
        var result = await RunAsync(Hello + longEvent + Stop + UsageChunk + Done, Options(max: 300), () => new TestSettler());
        result.Text.ShouldBe(Hello + longEvent + Stop + OurChunk(Reported, "provider") + Done);
    }

    [Fact]
    public async Task Write_UsageCost_InUsage()
    {
        var result = await RunAsync(Hello + UsageChunk + Done, Options(cost: true), () => new TestSettler());
        result.Text.ShouldBe(Hello + OurChunk(Reported[..^1] + ",\"cost\":0.00049}", "provider") + Done);
    }

    [Fact]
    public async Task Write_UpstreamCostDetails_ReplacedByOurs()
    {
        var wire = Hello + UsageChunk.Replace(",\"usage\"", ",\"cost\":0.5,\"cost_details\":{\"prompt_cost\":9},\"usage\"", StringComparison.Ordinal) + Done;
        var result = await RunAsync(wire, Options(), () => new TestSettler());
        result.Text.ShouldBe(Hello + $"data: {{{Head},\"choices\":[],\"cost\":0.5,\"cost_details\":{TestSettler.CostOf("provider")},\"usage\":{Reported}}}\n\n" + Done);
        result.Settler.Reported!.ReportedCost.ShouldBe(0.5m);
    }

    [Fact]
    public async Task Write_Xai_CompletionIncludesReasoningOnce()
    {
        var usage = "{\"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":135,\"completion_tokens_details\":{\"reasoning_tokens\":94},\"prompt_tokens_details\":{\"cached_tokens\":6}}";
        var result = await RunAsync(Hello + UsageChunk.Replace(Reported, usage, StringComparison.Ordinal) + Done, Options(dialect: new UsageDialect(ReasoningBeside: true)), () => new TestSettler());
        result.Text.ShouldBe(Hello + OurChunk(usage.Replace("\"completion_tokens\":9", "\"completion_tokens\":103", StringComparison.Ordinal), "provider") + Done);
    }

    [Fact]
    public async Task Write_AllGeneratedText_IsCounted()
    {
        string Delta(string delta) => $"data: {{{Head},\"choices\":[{{\"index\":0,\"delta\":{delta}}}]}}\n\n";
        var wire = Delta("{\"role\":\"assistant\",\"content\":\"\"}")
            + Delta("{\"reasoning_content\":\"think \",\"reasoning\":\"think \"}")
            + Delta("{\"content\":\"a\\u00e9\\ud83d\\ude00\\\"\"}")
            + Delta("{\"content\":\"\\ud83d\"}")
            + Delta("{\"content\":[{\"type\":\"text\",\"text\":\"part\"}]}")
            + Delta("{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]}")
            + Delta("{\"refusal\":\"no\"}");
        var result = await RunAsync(wire + Stop + Done, Options(show: false), () => new TestSettler());
        result.Settler.Completion.ShouldBe("think aé😀\"\uFFFDpart{\"x\":1}no");
    }

    [Fact]
    public async Task Write_UsageWithoutOutputCount_TextIsStillCounted()
    {
        var usage = "{\"prompt_tokens\":32,\"prompt_tokens_details\":null}";
        var result = await RunAsync(Hello + UsageChunk.Replace(Reported, usage, StringComparison.Ordinal) + Done, Options(), () => new TestSettler { StoreRead = 16 });
        result.Text.ShouldBe(Hello + OurChunk("{\"prompt_tokens\":32,\"prompt_tokens_details\":{\"cached_tokens\":16},\"completion_tokens\":4,\"total_tokens\":36}", "store") + Done);
    }
}
