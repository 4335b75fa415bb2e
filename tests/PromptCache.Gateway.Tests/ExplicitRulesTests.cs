using System.Text.Json.Nodes;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>The rules of explicit caching as Anthropic documents them, through the front door.</summary>
public sealed class ExplicitRulesTests
{
    private static readonly string Long = Words(1200, "You know the following book very well.");
    private static readonly string Other = Words(1300, "Second document.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_MarkedSystemPrompt_IsWrittenThenRead(bool stream)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var intro = "You are a historian.";
        JsonObject Ask(string question)
        {
            var body = Body(Message("system", Text(intro), Text(Long).Marked()), Message("user", Text(question)));
            return stream ? Streamed(body) : body;
        }

        var first = await bench.ChatAsync(Ask("What triggered the collapse?"));
        var second = await bench.ChatAsync(Ask("Who was the last emperor?"));

        var position = 4 + Tokens(intro) + 1200;
        first.Buckets().ShouldBe((0, position, 0));
        second.Buckets().ShouldBe((position, 0, 0));
        (first.Status, second.Status).ShouldBe(("miss", "hit"));
        first.Source.ShouldBe("store");
    }

    [Fact]
    public async Task Chat_Costs_AreTheModelsOwnPrices()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked("\"1h\"")), Message("user", Text(Other).Marked("\"5m\"")), Message("user", Text("And now?")));

        var first = await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        // claude-sonnet-4-5: 3 in, 3.75 and 6 to write, 0.30 to read, per million.
        var (hour, five) = (1204L, 1304L);
        first.Buckets().ShouldBe((0, five, hour));
        first.Amount("prompt_cache_write_5_min").ShouldBe(five * 3.75m / 1_000_000);
        first.Amount("prompt_cache_write_1_h").ShouldBe(hour * 6m / 1_000_000);
        first.Amount("prompt_cache_write_cost").ShouldBe(((five * 3.75m) + (hour * 6m)) / 1_000_000);
        first.Amount("prompt_cost").ShouldBe(((five * 3.75m) + (hour * 6m) + ((first.Prompt - five - hour) * 3m)) / 1_000_000);
        first.Amount("cache_savings").ShouldBeLessThan(0);
        second.Buckets().ShouldBe((five + hour, 0, 0));
        second.Amount("prompt_cache_read_cost").ShouldBe((five + hour) * 0.30m / 1_000_000);
        second.Amount("prompt_cache_write_cost").ShouldBe(0);
    }

    [Fact]
    public async Task Chat_ModelWithItsOwnReadPrice_IsNotAskedForATenth()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body("claude-opus-5-5", Message("system", Text(Long).Marked()), Message("user", Text("Go on.")));

        await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        // 0.20 of 4: a twentieth.
        second.Amount("prompt_cache_read_cost").ShouldBe(1204 * 0.20m / 1_000_000);
    }

    [Fact]
    public async Task Chat_UnlistedModel_TakesThePolicysMultipliers()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body("electron", Message("system", Text(Long).Marked("\"1h\"")), Message("user", Text(Other).Marked()));

        var first = await bench.ChatAsync(body);

        // electron: 0.40 in; no write prices of its own: 1.25 and 2 times that.
        first.Amount("prompt_cache_write_5_min").ShouldBe(1304 * 0.40m * 1.25m / 1_000_000);
        first.Amount("prompt_cache_write_1_h").ShouldBe(1204 * 0.40m * 2m / 1_000_000);
    }

    [Fact]
    public async Task Chat_FourBreakpoints_OnlyTheLastPartChanges_ReadsTheFirstThree()
    {
        // An engine that reports nothing: our own count holds as it is.
        await using var bench = await ExplicitBench.StartAsync(usage: "none");
        var tools = Words(1100, "Search the knowledge base for documents.");
        JsonObject Ask(string last) => Body(
            Message("system", Text(Words(1000, "You are a research assistant.")).Marked(), Text(Words(2000, "# Knowledge Base Context")).Marked()),
            Message("user", Text("Can you search for information about Mars rovers?")),
            Message("assistant", new JsonObject { ["type"] = "tool_use", ["id"] = "tool_1", ["name"] = "search_documents", ["input"] = new JsonObject { ["query"] = "Mars rovers" } }),
            Message("user", new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "tool_1", ["content"] = "Found 3 relevant documents..." }),
            Message("assistant", Text("I found 3 relevant documents.")),
            Message("user", Text(last).Marked()))
            .With("tools", new JsonArray(Tool("search_documents", "Search."), Tool("get_document", tools).Marked()));

        var first = await bench.ChatAsync(Ask("Tell me about the Perseverance rover."));
        var same = await bench.ChatAsync(Ask("Tell me about the Perseverance rover."));
        var changed = await bench.ChatAsync(Ask("Tell me about the Curiosity rover, and about Ingenuity."));

        // The last breakpoint is the end of the prompt but for the reply's priming.
        first.Buckets().ShouldBe((0, first.Prompt - 3, 0));
        same.Buckets().ShouldBe((first.Prompt - 3, 0, 0));
        var (read, written, _) = changed.Buckets();
        (read + written).ShouldBe(changed.Prompt - 3);

        // What was read ends with the documents: the messages behind them hold no entry but the last, which differs.
        var messages = Body([.. Ask("Tell me about the Perseverance rover.")["messages"]!.AsArray().Skip(1).Select(m => m!.DeepClone())]);
        var alone = await bench.ChatAsync(messages);
        (first.Prompt - read).ShouldBe(alone.Prompt);
        changed.Status.ShouldBe("partial");
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public async Task Chat_TwentyFiveParts_OneMarker_LooksBackTwentyPositions(int further, bool found)
    {
        await using var bench = await ExplicitBench.StartAsync();
        JsonObject Ask(int marked)
        {
            var parts = Enumerable.Range(0, 25).Select(i => Text(i == 0 ? Long : $"Part number {i}.")).ToArray();
            parts[marked].Marked();
            return Body(Message("user", [.. parts]));
        }

        var first = await bench.ChatAsync(Ask(4));
        var second = await bench.ChatAsync(Ask(4 + further));

        // The marked part counts as the first: the entry is 20 or 21 positions away.
        second.Buckets().Read.ShouldBe(found ? first.Buckets().Write5m : 0);
        second.Status.ShouldBe(found ? "partial" : "miss");
    }

    [Theory]
    [InlineData("claude-opus-5", 512)]
    [InlineData("claude-sonnet-4-5", 1024)]
    [InlineData("claude-sonnet-4-5@20250929", 1024)]
    [InlineData("claude-opus-4-1", 1024)]
    [InlineData("claude-3-5-haiku", 2048)]
    [InlineData("claude-opus-4-7", 2048)]
    [InlineData("claude-haiku-4-5", 4096)]
    public async Task Chat_Minimum_IsCachedAtIt_AndNothingBelow(string model, int minimum)
    {
        await using var bench = await ExplicitBench.StartAsync();
        foreach (var (tokens, cached) in ((int, bool)[])[(minimum - 1, false), (minimum, true)])
        {
            var body = Body(model, Message("system", Text(Words(tokens - 4, $"Text of {tokens} tokens.")).Marked()), Message("user", Text("Hello.")));
            var first = await bench.ChatAsync(body);
            var second = await bench.ChatAsync(body);

            first.Buckets().ShouldBe((0, cached ? tokens : 0, 0));
            second.Buckets().ShouldBe((cached ? tokens : 0, 0, 0));
        }
    }

    [Fact]
    public async Task Chat_OneHourBeforeFiveMinutes_IsBilledByAThenBThenC()
    {
        await using var bench = await ExplicitBench.StartAsync();
        JsonObject Ask(string third, string fourth) => Body(
            Message("system", Text(Long).Marked("\"1h\""), Text(Other).Marked("\"1h\"")),
            Message("user", Text(third).Marked("\"1h\"")),
            Message("user", Text(fourth).Marked()),
            Message("user", Text("Go on.")));
        var (a, b) = (1204L, 1300L);
        var (c, d) = (Words(400, "Third."), Words(500, "Fourth."));

        (await bench.ChatAsync(Ask(c, d))).Buckets().ShouldBe((0, 504, a + b + 404));
        // A ends with the second part, B with the third, C with the fourth.
        (await bench.ChatAsync(Ask(Words(300, "Another third."), d))).Buckets().ShouldBe((a + b, 504, 304));
        (await bench.ChatAsync(Ask(c, Words(200, "Another fourth.")))).Buckets().ShouldBe((a + b + 404, 204, 0));
        (await bench.ChatAsync(Ask(c, d))).Buckets().ShouldBe((a + b + 404 + 504, 0, 0));
    }

    [Fact]
    public async Task Chat_LongerTtlAfterShorter_IsRefused()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked()), Message("user", Text("a"), Text(Other).Marked("\"1h\"")));

        (await bench.RefusalAsync(body)).ShouldBe((400, "messages[1].content[1].cache_control.ttl", "invalid_cache_control"));
        bench.Forwarded.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_MarkerMovesToTheNewestMessage_EachTurnReadsWhatTheLastOneWrote()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var history = new List<JsonNode> { Message("system", Text(Long).Marked()) };
        var before = 0L;
        for (var turn = 0; turn < 6; turn++)
        {
            var question = Text($"Question number {turn}: tell me more about Mars.").Marked();
            history.Add(Message("user", Text("Great."), question));

            var figures = await bench.ChatAsync(Body([.. history.Select(m => m.DeepClone())]));

            var (read, written, _) = figures.Buckets();
            read.ShouldBe(before);
            before = figures.Prompt - 3;
            (read + written).ShouldBe(before);
            question.Remove("cache_control");
            history.Add(Message("assistant", Text($"Answer number {turn}.")));
        }
    }

    [Fact]
    public async Task Chat_NoMarkers_IsBypassed()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long)), Message("user", Text("Hello.")));

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var figures = await bench.ChatAsync(body);
            figures.Buckets().ShouldBe((0, 0, 0));
            figures.Status.ShouldBe("bypass");
            figures.Amount("prompt_cost").ShouldBe(figures.Prompt * 3m / 1_000_000);
        }
    }

    [Fact]
    public async Task Chat_UnmarkedRequestBetween_WritesNothing()
    {
        await using var bench = await ExplicitBench.StartAsync();
        await bench.ChatAsync(Body(Message("system", Text(Long)), Message("user", Text("Hello."))));

        var marked = await bench.ChatAsync(Body(Message("system", Text(Long).Marked()), Message("user", Text("Hello."))));

        marked.Buckets().ShouldBe((0, 1204, 0));
    }

    [Fact]
    public async Task Chat_OwnPolicy_HasItsOwnMinimumAndLookback()
    {
        await using var bench = await ExplicitBench.StartAsync("mine", """ "CachePolicies": { "mine": { "Extends": "anthropic", "MinTokens": 10, "LookbackBlocks": 2, "Models": [ { "Match": "big-*", "MinTokens": 100 } ] } } """);
        JsonObject Ask(string model, int marked)
        {
            var parts = Enumerable.Range(0, 5).Select(i => Text(Words(20, $"Part {i}."))).ToArray();
            parts[marked].Marked();
            return Body(model, Message("user", [.. parts]));
        }

        (await bench.ChatAsync(Ask("small", 1))).Buckets().ShouldBe((0, 44, 0));
        (await bench.ChatAsync(Ask("small", 2))).Buckets().ShouldBe((44, 20, 0));
        (await bench.ChatAsync(Ask("small", 4))).Buckets().ShouldBe((0, 104, 0));
        (await bench.ChatAsync(Ask("big-one", 1))).Buckets().ShouldBe((0, 0, 0));
        (await bench.ChatAsync(Ask("big-one", 4))).Buckets().ShouldBe((0, 104, 0));
    }

    private static long Tokens(string text) => ExplicitCounts.Tokens(text);
}
