using System.Text;
using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Anthropic.AnthropicCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Anthropic;

public sealed class MessagesTests
{
    [Fact]
    public async Task Post_Plain_HasTheDocumentedShape()
    {
        await using var simulator = await StartAsync();
        var reply = await simulator.MessageAsync(Request([Block(Words(10))], Message("user", Block(Words(5)))));
        (reply.Text("type"), reply.Text("role"), reply.Text("stop_reason")).ShouldBe(("message", "assistant", "end_turn"));
        reply.Int("usage", "input_tokens").ShouldBe(14 + 9 + 3);
        reply.Int("usage", "output_tokens").ShouldBe(200);
        WordTokenizer.Model.Tokenizer.Count(Encoding.UTF8.GetBytes(reply.Text("content", 0, "text"))).ShouldBe(200);
    }

    [Fact]
    public async Task Post_Streamed_SaysTheSameAsWhole()
    {
        await using var simulator = await StartAsync(new() { TokensPerChunk = 50 });
        var body = Request([Block(Words(1500), "1h")], Message("user", Block("x")));
        var whole = await simulator.MessageAsync(body.DeepClone());
        simulator.Host.Clear();
        body["stream"] = true;
        var events = await simulator.EventsAsync("/v1/messages", body, Headers);

        events.Select(e => e.Name).ShouldBe(
            ["message_start", "content_block_start", "ping", .. Enumerable.Repeat("content_block_delta", 4), "content_block_stop", "message_delta", "message_stop"]);
        events.ShouldAllBe(e => e.Data.Parse().Text("type") == e.Name);
        string.Concat(events.Where(e => e.Name == "content_block_delta").Select(e => e.Data.Parse().Text("delta", "text"))).ShouldBe(whole.Text("content", 0, "text"));

        var start = events[0].Data.Parse().At("message", "usage");
        (start.Int("output_tokens"), start.Int("cache_creation", "ephemeral_1h_input_tokens")).ShouldBe((1, 1504));
        var delta = events[^2].Data.Parse();
        delta.Text("delta", "stop_reason").ShouldBe("end_turn");
        foreach (var name in new[] { "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens" })
        {
            delta.Int("usage", name).ShouldBe(whole.Int("usage", name), name);
        }
    }

    [Fact]
    public async Task Post_Thinking_IsSignedAndMayComeBackUnchanged()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 10 });
        var body = Request([Block("x")], Message("user", Block("x")));
        body["max_tokens"] = 2000;
        body["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 1024 };
        var reply = await simulator.MessageAsync(body.DeepClone());
        reply.Text("content", 0, "type").ShouldBe("thinking");
        reply.Int("usage", "output_tokens").ShouldBe(26);

        var streamed = body.DeepClone();
        streamed["stream"] = true;
        var signature = (await simulator.EventsAsync("/v1/messages", streamed, Headers)).Select(e => e.Data.Parse()).Single(e => e.At("delta", "signature").ValueKind == System.Text.Json.JsonValueKind.String && e.Text("delta", "type") == "signature_delta");
        signature.Text("delta", "signature").ShouldBe(reply.Text("content", 0, "signature"));

        body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = JsonNode.Parse(reply.At("content").GetRawText()) });
        body["messages"]!.AsArray().Add(Message("user", Block("go on")));
        await simulator.MessageAsync(body.DeepClone());
        body["messages"]![1]!["content"]![0]!["thinking"] = "something else";
        (await simulator.PostAsync("/v1/messages", body, Headers)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Post_ToolAskedFor_CallsItAndTakesItsResult()
    {
        await using var simulator = await StartAsync();
        var body = Request([Block("x")], Message("user", Block("x")));
        body["tools"] = new JsonArray(Tool("search"), Tool("get"));
        var reply = await simulator.MessageAsync(body.DeepClone(), ("x-sim-tool-call", "search,get"));
        reply.Text("stop_reason").ShouldBe("tool_use");
        reply.At("content").EnumerateArray().Select(b => b.Text("name")).ShouldBe(["search", "get"]);

        var streamed = body.DeepClone();
        streamed["stream"] = true;
        var events = (await simulator.EventsAsync("/v1/messages", streamed, [.. Headers, ("x-sim-tool-call", "search,get")])).Select(e => e.Data.Parse()).ToArray();
        events.Where(e => e.Text("type") == "content_block_start").Select(e => e.Text("content_block", "name")).ShouldBe(["search", "get"]);
        string.Concat(events.Where(e => e.At("delta", "partial_json").ValueKind != System.Text.Json.JsonValueKind.Undefined && e.Int("index") == 1).Select(e => e.Text("delta", "partial_json"))).ShouldBe("{}");

        body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = JsonNode.Parse(reply.At("content").GetRawText()) });
        JsonNode[] results = [.. reply.At("content").EnumerateArray().Select(b => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = b.Text("id"), ["content"] = "found" })];
        body["messages"]!.AsArray().Add(Message("user", results));
        await simulator.MessageAsync(body);
    }

    [Theory]
    [InlineData(7, "max_tokens")]
    [InlineData(0, "max_tokens")]
    public async Task Post_Capped_EndsAtTheCap(int cap, string reason)
    {
        await using var simulator = await StartAsync();
        var body = Request([Block("x")], Message("user", Block("x")));
        body["max_tokens"] = cap;
        var reply = await simulator.MessageAsync(body);
        (reply.Int("usage", "output_tokens"), reply.Text("stop_reason")).ShouldBe((cap, reason));
    }

    [Fact]
    public async Task CountTokens_SaysWhatTheMessageWouldCost()
    {
        await using var simulator = await StartAsync();
        var body = Request([Block(Words(10))], Message("user", Block(Words(5))));
        body.Remove("max_tokens");
        var (status, reply) = await simulator.PostAsync("/v1/messages/count_tokens", body, Headers);
        (status, reply.Int("input_tokens")).ShouldBe((200, 26));
    }

    [Fact]
    public async Task Post_TurnsOfOneRole_AreJoined()
    {
        await using var simulator = await StartAsync();
        await simulator.MessageAsync(Request([Block("x")], Message("user", Block("one")), Message("user", Block("two"))));
    }
}
