using System.Text.Json.Nodes;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>Where markers may stand, what they may say, and how many count.</summary>
public sealed class ExplicitMarkersTests
{
    private static readonly string Long = Words(1200, "A long text.");

    [Fact]
    public async Task Chat_FifthMarker_IsRefused_WithItsPath()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked(), Text("b").Marked()), Message("user", Text("c").Marked(), Text("d").Marked(), Text("e").Marked()));

        (await bench.RefusalAsync(body)).ShouldBe((400, "messages[1].content[2].cache_control", "too_many_cache_breakpoints"));
        bench.Forwarded.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_FourMarkersAndTheAutomaticOne_AreRefused()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Long).Marked(), Text("b").Marked()), Message("user", Text("c").Marked(), Text("d").Marked(), Text("e"))).Marked();

        (await bench.RefusalAsync(body)).ShouldBe((400, "cache_control", "too_many_cache_breakpoints"));
    }

    [Fact]
    public async Task Chat_Qwen_KeepsTheLastFour()
    {
        await using var bench = await ExplicitBench.StartAsync("qwen");
        string[] texts = [Words(1100, "One."), Words(100, "Two."), Words(100, "Three."), Words(100, "Four."), Words(100, "Five.")];
        JsonObject Ask(params int[] marked)
        {
            var parts = texts.Select(Text).ToArray();
            foreach (var index in marked)
            {
                parts[index].Marked();
            }

            return Body("qwen3-max", Message("user", [.. parts]));
        }

        (await bench.ChatAsync(Ask(0, 1, 2, 3, 4))).Buckets().ShouldBe((0, 1504, 0));
        // The first of the five was none: only its successors were written.
        (await bench.ChatAsync(Ask(0))).Buckets().ShouldBe((0, 1104, 0));
        (await bench.ChatAsync(Ask(1))).Buckets().ShouldBe((1204, 0, 0));
    }

    [Fact]
    public async Task Chat_Qwen_WithoutMarkers_IsImplicit()
    {
        await using var bench = await ExplicitBench.StartAsync("qwen");
        var plain = Body("qwen3-max", Message("user", Text(Words(300, "One."))), Message("user", Text("Go.")));

        await bench.ChatAsync(plain);
        var second = await bench.ChatAsync(plain);
        var marked = await bench.ChatAsync(Body("qwen3-max", Message("user", Text(Words(300, "One.")).Marked()), Message("user", Text("Go."))));

        second.Cached.ShouldBe(second.Prompt - 3);
        // Explicit and implicit exclude each other: 300 tokens are enough for one and not for the other.
        marked.Cached.ShouldBe(0);
        marked.Written.ShouldBe(0);
    }

    [Fact]
    public async Task Chat_Gemini_OnlyTheLastMarkerCounts()
    {
        await using var bench = await ExplicitBench.StartAsync("gemini");
        JsonObject Ask(bool first, bool second)
        {
            var (one, two) = (Text(Words(1100, "One.")), Text(Words(1000, "Two.")));
            return Body("gemini-2.5-flash", Message("user", first ? one.Marked() : one, second ? two.Marked() : two, Text("Go.")));
        }

        (await bench.ChatAsync(Ask(true, true))).Buckets().ShouldBe((0, 2104, 0));
        (await bench.ChatAsync(Ask(true, false))).Buckets().ShouldBe((0, 1104, 0));
        (await bench.ChatAsync(Ask(true, true))).Buckets().ShouldBe((2104, 0, 0));
    }

    [Theory]
    [InlineData(1027, false)]
    [InlineData(1028, true)]
    public async Task Chat_Gemini_MinimumIsThatOfTheModel(int tokens, bool cached)
    {
        await using var bench = await ExplicitBench.StartAsync("gemini");
        var body = Body("google/gemini-2.5-flash", Message("user", Text(Words(tokens - 4, "Based on the book text below:")).Marked()), Message("user", Text("List them.")));

        var first = await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        first.Written.ShouldBe(cached ? tokens : 0);
        second.Cached.ShouldBe(cached ? tokens : 0);
        if (cached)
        {
            // The documented example: cache reads of gemini-2.5-flash cost 0.03 per million.
            (second.Amount("prompt_cache_read_cost") / second.Cached!.Value * 1_000_000).ShouldBe(0.03m);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("null", false)]
    [InlineData("\"5m\"", false)]
    [InlineData("300", false)]
    [InlineData("\"1h\"", true)]
    [InlineData("3600", true)]
    public async Task Chat_Ttl_SaysHowLongAndWhatItCosts(string? ttl, bool hour)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("user", Text(Long).Marked(ttl), Text("Go.")));

        (await bench.ChatAsync(body)).Buckets().ShouldBe(hour ? (0, 0, 1204) : (0, 1204, 0));
        bench.Time.Advance(TimeSpan.FromMinutes(6));
        (await bench.ChatAsync(body)).Buckets().Read.ShouldBe(hour ? 1204 : 0);
    }

    [Theory]
    [InlineData("\"2h\"")]
    [InlineData("\"1H\"")]
    [InlineData("600")]
    [InlineData("3600.0")]
    [InlineData("\"3600\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task Chat_UnknownTtl_IsRefused_WithItsPath(string ttl)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text("a")), Message("user", Text("b")), Message("assistant", Text("c")), Message("user", Text("d"), Text(Long).Marked(ttl)));

        var (status, param, _) = await bench.RefusalAsync(body);

        (status, param).ShouldBe((400, "messages[3].content[1].cache_control.ttl"));
        bench.Forwarded.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"type":"permanent"}""", "messages[0].content[0].cache_control.type")]
    [InlineData("""{}""", "messages[0].content[0].cache_control.type")]
    [InlineData("\"ephemeral\"", "messages[0].content[0].cache_control")]
    public async Task Chat_UnknownMarker_IsRefused_WithItsPath(string control, string path)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("user", Text(Long).With("cache_control", JsonNode.Parse(control)!)));

        var (status, param, _) = await bench.RefusalAsync(body);

        (status, param).ShouldBe((400, path));
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"Hm.","cache_control":{"type":"ephemeral"}}""", "messages[1].content[0].cache_control")]
    [InlineData("""{"type":"text","text":"","cache_control":{"type":"ephemeral"}}""", "messages[1].content[0].cache_control")]
    public async Task Chat_MarkerWhereNoneMayStand_IsRefused(string part, string path)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("user", Text(Long)), Message("assistant", JsonNode.Parse(part)!));

        var (status, param, _) = await bench.RefusalAsync(body);

        (status, param).ShouldBe((400, path));
    }

    [Fact]
    public async Task Chat_MarkersOnEveryPlaceThatTakesOne_Write()
    {
        JsonObject[] places =
        [
            Body(Message("system", Text(Long)).Marked(), Message("user", Text("x"))),
            Body(new JsonObject { ["role"] = "user", ["content"] = Long }.Marked(), Message("user", Text("x"))),
            Body(Message("user", Text(Long)), new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(Call("call_1").Marked()) }, new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_1", ["content"] = "found" }),
            Body(Message("user", Text(Long)), new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(Call("call_1")) }, new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_1", ["content"] = "found" }.Marked()),
            Body(Message("user", Text(Long), Image("https://example.com/a.png").Marked()), Message("user", Text("x"))),
            Body(Message("user", Text(Long), new JsonObject { ["type"] = "document", ["source"] = new JsonObject { ["type"] = "text", ["media_type"] = "text/plain", ["data"] = "A document." } }.Marked()), Message("user", Text("x"))),
            Body(Message("user", Text(Long)), Message("assistant", new JsonObject { ["type"] = "tool_use", ["id"] = "t", ["name"] = "f", ["input"] = new JsonObject() }.Marked())),
            Body(Message("user", Text(Long)), Message("assistant", new JsonObject { ["type"] = "tool_use", ["id"] = "t", ["name"] = "f", ["input"] = new JsonObject() }), Message("user", new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "t", ["content"] = "found" }.Marked())),
            Body(Message("user", Text("x"))).With("tools", new JsonArray(Tool("f", Long).Marked())),
        ];
        foreach (var place in places)
        {
            await using var bench = await ExplicitBench.StartAsync();
            var first = await bench.ChatAsync(place);
            var second = await bench.ChatAsync(place);

            first.Buckets().Write5m.ShouldBeGreaterThanOrEqualTo(1200, place.ToJsonString()[^200..]);
            second.Buckets().ShouldBe((first.Buckets().Write5m, 0, 0));
        }

        static JsonObject Call(string id) => new() { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = "{}" } };
    }

    [Fact]
    public async Task Chat_TopLevelMarker_FollowsTheLastBlock()
    {
        await using var bench = await ExplicitBench.StartAsync();
        JsonNode[] first = [Message("system", Text(Long)), Message("user", Text("Hello, can you tell me more about the solar system?"))];
        JsonNode[] more = [Message("assistant", Text("Of course!")), Message("user", Text("Great."), Text("Tell me more about Mars."))];

        var one = await bench.ChatAsync(Body([.. first.Select(m => m.DeepClone())]).Marked());
        var two = await bench.ChatAsync(Body([.. first.Concat(more).Select(m => m.DeepClone())]).Marked());

        one.Buckets().ShouldBe((0, one.Prompt - 3, 0));
        two.Buckets().ShouldBe((one.Prompt - 3, two.Prompt - one.Prompt, 0));
    }

    [Fact]
    public async Task Chat_TopLevelMarker_OnAMarkedBlock_ChangesNothing_UnlessItsTtlDiffers()
    {
        await using var bench = await ExplicitBench.StartAsync();

        var same = await bench.ChatAsync(Body(Message("user", Text(Long).Marked())).Marked());
        var other = await bench.RefusalAsync(Body(Message("user", Text(Long).Marked())).Marked("\"1h\""));

        same.Buckets().ShouldBe((0, 1204, 0));
        other.ShouldBe((400, "cache_control", "invalid_cache_control"));
    }

    [Fact]
    public async Task Chat_OpenAiBreakpoints_AutomaticOneOnTheLatestMessage()
    {
        await using var bench = await ExplicitBench.StartAsync("openai");
        JsonObject Ask(string mode, bool marked, string last)
        {
            var part = Text(Long);
            var body = Body("gpt-5.6-sol", Message("user", marked ? part.Breakpoint() : part), Message("user", Text(last)));
            return mode.Length == 0 ? body : body.With("prompt_cache_options", new JsonObject { ["mode"] = mode, ["ttl"] = "30m" });
        }

        var first = await bench.ChatAsync(Ask("", marked: true, "One."));
        first.Buckets().ShouldBe((0, first.Prompt - 3, 0));
        first.Amount("prompt_cache_write_cost").ShouldBe((first.Prompt - 3) * 6.25m / 1_000_000);
        var other = await bench.ChatAsync(Ask("implicit", marked: true, "Two, and a little more."));
        other.Buckets().ShouldBe((1204, other.Prompt - 3 - 1204, 0));
        (await bench.ChatAsync(Ask("explicit", marked: true, "Three."))).Buckets().ShouldBe((1204, 0, 0));

        // Explicit without a marker: no caching, no fee.
        var none = await bench.ChatAsync(Ask("explicit", marked: false, "Three."));
        none.Buckets().ShouldBe((0, 0, 0));
        none.Status.ShouldBe("bypass");
        bench.Time.Advance(TimeSpan.FromMinutes(29));
        (await bench.ChatAsync(Ask("explicit", marked: true, "Four."))).Buckets().Read.ShouldBe(1204);
    }

    [Fact]
    public async Task Chat_OpenAiOptions_BadValues_AreRefused()
    {
        await using var bench = await ExplicitBench.StartAsync("openai");

        var mode = await bench.RefusalAsync(Body("gpt-5.6", Message("user", Text(Long))).With("prompt_cache_options", new JsonObject { ["mode"] = "sometimes" }));
        var ttl = await bench.RefusalAsync(Body("gpt-5.6", Message("user", Text(Long))).With("prompt_cache_options", new JsonObject { ["ttl"] = "5m" }));
        var part = await bench.RefusalAsync(Body("gpt-5.6", Message("user", Text(Long).With("prompt_cache_breakpoint", new JsonObject { ["mode"] = "implicit" }))));

        (mode.Status, mode.Param).ShouldBe((400, "prompt_cache_options.mode"));
        (ttl.Status, ttl.Param).ShouldBe((400, "prompt_cache_options.ttl"));
        (part.Status, part.Param).ShouldBe((400, "messages[0].content[0].prompt_cache_breakpoint.mode"));
    }

    [Fact]
    public async Task Chat_OpenAiOlderModel_IsImplicitInSteps()
    {
        await using var bench = await ExplicitBench.StartAsync("openai");
        var body = Body("gpt-4o", Message("system", Text(Long)), Message("user", Text("Hello.")));

        var first = await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        (first.Cached, first.Written).ShouldBe((0, 0));
        second.Cached.ShouldBe((second.Prompt - 3) / 128 * 128);
        second.Usage.TryGetProperty("cache_creation_input_tokens", out _).ShouldBeFalse();
    }
}
