using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Anthropic.AnthropicCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Anthropic;

/// <summary>Explicit caching by the documented rules. A message costs 4 tokens beside its words, the reply's priming 3.</summary>
public sealed class ExplicitCacheTests
{
    [Fact]
    public async Task Marker_OnTheSystemPrompt_WritesThenReads()
    {
        await using var simulator = await StartAsync();
        JsonObject Ask(string question) => Request([Block(Words(1500), "")], Message("user", Block(question)));
        (await simulator.UsageAsync(Ask("one two"))).ShouldBe((6 + 3, 0, 1504, 0));
        (await simulator.UsageAsync(Ask("three"))).ShouldBe((5 + 3, 1504, 0, 0));
    }

    [Fact]
    public async Task NoMarker_NothingIsCached()
    {
        await using var simulator = await StartAsync();
        var body = Request([Block(Words(1500))], Message("user", Block("x")));
        await simulator.MessageAsync(body.DeepClone());
        (await simulator.UsageAsync(body)).ShouldBe((1504 + 5 + 3, 0, 0, 0));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", 1024)]
    [InlineData("claude-opus-4-5", 4096)]
    [InlineData("claude-opus-5", 512)]
    [InlineData("claude-haiku-4-5-20251001", 4096)]
    [InlineData("claude-opus-4-7", 2048)]
    public async Task Minimum_OneTokenBelow_CachesNothing(string model, int minimum)
    {
        await using var simulator = await StartAsync();
        foreach (var (words, written) in new[] { (minimum - 5, 0), (minimum - 4, minimum) })
        {
            var body = Request([Block(Words(words, $"w{words}x"), "")], Message("user", Block("x")));
            body["model"] = model;
            (await simulator.UsageAsync(body)).Write5m.ShouldBe(written);
        }
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public async Task Lookback_TwentyBlocksTheMarkedOneIncluded(int blocksAfter, bool found)
    {
        await using var simulator = await StartAsync();
        JsonNode[] Blocks(int count) => [.. Enumerable.Range(0, count).Select(i => Block($"block{i}", i == count - 1 ? "" : null))];
        var first = await simulator.UsageAsync(Request([Block(Words(2000))], Message("user", Blocks(1))));
        var second = await simulator.UsageAsync(Request([Block(Words(2000))], Message("user", Blocks(1 + blocksAfter))));
        first.Write5m.ShouldBe(2004 + 5);
        second.ShouldBe(found ? (3, 2009, blocksAfter, 0) : (3, 0, 2009 + blocksAfter, 0));
    }

    [Fact]
    public async Task Lookback_FarEntry_IsFoundFromAnEarlierBreakpoint()
    {
        await using var simulator = await StartAsync();
        await simulator.MessageAsync(Request([Block(Words(2000), "")], Message("user", Block("x"))));
        JsonNode[] blocks = [.. Enumerable.Range(0, 30).Select(i => Block($"block{i}", i == 29 ? "" : null))];
        (await simulator.UsageAsync(Request([Block(Words(2000), "")], Message("user", blocks)))).ShouldBe((3, 2004, 34, 0));
    }

    [Fact]
    public async Task Writes_AtBreakpointsOnly_NotInBetween()
    {
        await using var simulator = await StartAsync();
        await simulator.MessageAsync(Request([Block(Words(2000)), Block("tail", "")], Message("user", Block("x"))));

        // The same first block marked now: no entry ends there.
        (await simulator.UsageAsync(Request([Block(Words(2000), ""), Block("other")], Message("user", Block("x"))))).Read.ShouldBe(0);
    }

    [Fact]
    public async Task MixedLifetimes_AreBilledByABC()
    {
        await using var simulator = await StartAsync();
        JsonObject Ask(string third) => Request(
            [Block(Words(2000, "a"), "1h"), Block(Words(1000, "b"), "1h"), Block(Words(500, third), "5m")],
            Message("user", Block("x")));

        (await simulator.UsageAsync(Request([Block(Words(2000, "a"), "1h")], Message("user", Block("x"))))).ShouldBe((8, 0, 0, 2004));
        (await simulator.UsageAsync(Ask("c"))).ShouldBe((8, 2004, 500, 1000));
        (await simulator.UsageAsync(Ask("d"))).ShouldBe((8, 3004, 500, 0));
    }

    [Fact]
    public async Task FourBreakpoints_OnlyTheConversationChanges()
    {
        await using var simulator = await StartAsync();
        JsonObject Ask(params JsonNode[] messages)
        {
            var body = Request([Block(Words(1200, "rules"), ""), Block(Words(3000, "documents"), "")], messages);
            body["tools"] = new JsonArray(Tool("search"), Tool("get", ""));
            return body;
        }

        var first = await simulator.UsageAsync(Ask(Message("user", Block("question one", ""))));
        first.Read.ShouldBe(0);
        var second = await simulator.UsageAsync(Ask(
            Message("user", Block("question one")), Message("assistant", Block("answer")), Message("user", Block("question two", ""))));
        second.ShouldBe((3, first.Write5m, 5 + 6, 0));
    }

    [Fact]
    public async Task Lifetimes_ExpireAndAreRenewedByReading()
    {
        await using var simulator = await StartAsync();
        var five = Request([Block(Words(1500, "five"), "5m")], Message("user", Block("x")));
        var hour = Request([Block(Words(1500, "hour"), "1h")], Message("user", Block("x")));
        await simulator.MessageAsync(five.DeepClone());
        await simulator.MessageAsync(hour.DeepClone());

        simulator.Clock.Advance(TimeSpan.FromMinutes(4));
        (await simulator.UsageAsync(five.DeepClone())).Read.ShouldBe(1504);
        simulator.Clock.Advance(TimeSpan.FromMinutes(4));
        (await simulator.UsageAsync(five.DeepClone())).Read.ShouldBe(1504);
        simulator.Clock.Advance(TimeSpan.FromMinutes(5));
        (await simulator.UsageAsync(five)).Read.ShouldBe(0);
        (await simulator.UsageAsync(hour.DeepClone())).Read.ShouldBe(1504);
        simulator.Clock.Advance(TimeSpan.FromHours(1));
        (await simulator.UsageAsync(hour)).Read.ShouldBe(0);
    }

    [Theory]
    [InlineData("tool_choice", 0)]
    [InlineData("thinking", 0)]
    [InlineData("image", 0)]
    [InlineData("system", 1)]
    [InlineData("speed", 1)]
    [InlineData("tools", 2)]
    [InlineData("model", 2)]
    public async Task Change_InvalidatesItsLevelAndWhatFollows(string change, int levelsLost)
    {
        await using var simulator = await StartAsync();
        JsonObject Ask(bool changed)
        {
            var body = Request([Block(Words(1500, changed && change == "system" ? "other" : "rules"), "")], Message("user", Block(Words(100, "history"), ""), Block("x")));
            body["max_tokens"] = 2000;
            body["tools"] = new JsonArray(Tool(Words(1, "t"), null), Tool($"z{changed && change == "tools"}", ""));
            body["tools"]![0]!["description"] = Words(1500, "description");
            switch (changed ? change : "")
            {
                case "tool_choice": body["tool_choice"] = new JsonObject { ["type"] = "any" }; break;
                case "thinking": body["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 1024 }; break;
                case "image": body["messages"]![0]!["content"]!.AsArray().Add(JsonNode.Parse("""{"type":"image","source":{"type":"url","url":"https://x/y.png"}}""")); break;
                case "speed": body["speed"] = "fast"; break;
                case "model": body["model"] = "claude-sonnet-4-6"; break;
                default: break;
            }

            return body;
        }

        var all = (await simulator.UsageAsync(Ask(changed: false))).Write5m;
        var read = (await simulator.UsageAsync(Ask(changed: true))).Read;
        var tools = all - 1504 - 104;
        read.ShouldBe(levelsLost switch { 0 => tools + 1504, 1 => tools, _ => 0 });
    }

    [Fact]
    public async Task Automatic_MarksTheLastBlockThatCanBe()
    {
        await using var simulator = await StartAsync();
        var body = Request([Block(Words(1500))], Message("user", Block("one")), Message("assistant", Block("two")), Message("user", Block("three")));
        body["cache_control"] = Marker("");
        (await simulator.UsageAsync(body.DeepClone())).ShouldBe((3, 0, 1504 + 15, 0));

        body["messages"]!.AsArray().Add(Message("assistant", Block("four")));
        body["messages"]!.AsArray().Add(Message("user", Block("five")));
        (await simulator.UsageAsync(body)).ShouldBe((3, 1519, 10, 0));
    }

    [Fact]
    public async Task ColdAtTheSameTime_AllWrite()
    {
        await using var simulator = await StartAsync(new() { FirstTokenDelayMs = 1000 });
        var body = Request([Block(Words(1500), "")], Message("user", Block("x")));
        var first = simulator.UsageAsync(body.DeepClone());
        await simulator.Clock.NextWaitAsync();
        var second = simulator.UsageAsync(body.DeepClone());
        await simulator.Clock.NextWaitAsync();
        simulator.Clock.Advance(TimeSpan.FromSeconds(1));
        ((await first).Read, (await second).Read).ShouldBe((0, 0));
    }
}
