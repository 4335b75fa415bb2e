using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.OpenAI;

public sealed class ChatCompletionsTests
{
    private static readonly JsonObject WeatherTool = JsonNode.Parse("""
        {"type":"function","function":{"name":"weather","parameters":{"type":"object","required":["city","days"],"properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}
        """)!.AsObject();

    [Fact]
    public async Task Post_Plain_CountsPromptAndCompletionExactly()
    {
        await using var simulator = await StartAsync();
        var reply = await simulator.ChatAsync(Chat(("system", Words(10)), ("user", Words(5))));

        // Two messages with 3 tokens and a role's word each, and 3 that prime the reply.
        reply.Int("usage", "prompt_tokens").ShouldBe(10 + 5 + (2 * 4) + 3);
        reply.Int("usage", "completion_tokens").ShouldBe(200);
        reply.Int("usage", "total_tokens").ShouldBe(226);
        reply.Text("choices", 0, "finish_reason").ShouldBe("stop");
        reply.Text("object").ShouldBe("chat.completion");
        WordTokenizer.Model.Tokenizer.Count(Encoding.UTF8.GetBytes(reply.Text("choices", 0, "message", "content"))).ShouldBe(200);
    }

    [Fact]
    public async Task Post_NameAndParts_CountsNameAndImages()
    {
        await using var simulator = await StartAsync();
        var body = JsonNode.Parse("""
            {"model":"m","messages":[{"role":"user","name":"ada lovelace","content":[{"type":"text","text":"one two"},
              {"type":"image_url","image_url":{"url":"http://x/y.png","detail":"low"}},{"type":"image_url","image_url":{"url":"http://x/z.png"}}]}]}
            """)!;

        (await simulator.ChatAsync(body)).Int("usage", "prompt_tokens").ShouldBe(4 + 1 + 2 + 2 + 85 + 765 + 3);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Post_Capped_EndsAtTheCap(string field)
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", "hello"));
        body[field] = 7;

        var reply = await simulator.ChatAsync(body);
        reply.Int("usage", "completion_tokens").ShouldBe(7);
        reply.Text("choices", 0, "finish_reason").ShouldBe("length");
    }

    [Fact]
    public async Task Post_Streamed_SaysTheSameAsWhole()
    {
        await using var simulator = await StartAsync();
        var whole = await simulator.ChatAsync(Chat(("user", "hello")), ("x-sim-policy", "none"), ("x-sim-usage", "openai"));
        var body = Chat(("user", "hello"));
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        var events = await simulator.StreamAsync(body, ("x-sim-policy", "none"), ("x-sim-usage", "openai"), ("x-sim-tokens-per-chunk", "3"));

        events[^1].ShouldBe("[DONE]");
        var chunks = events[..^1].Select(e => e.Parse()).ToArray();
        chunks[0].Text("choices", 0, "delta", "role").ShouldBe("assistant");
        string.Concat(chunks.Select(c => c.At("choices", 0, "delta", "content")).Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()))
            .ShouldBe(whole.Text("choices", 0, "message", "content"));
        chunks[^2].Text("choices", 0, "finish_reason").ShouldBe("stop");
        chunks[^1].At("usage").GetRawText().ShouldBe(whole.At("usage").GetRawText());
        chunks.Length.ShouldBe(1 + 67 + 1 + 1);
    }

    [Fact]
    public async Task Post_ToolAskedFor_CallsItWithArgumentsThatFit()
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", "hello"));
        body["tools"] = new JsonArray(WeatherTool.DeepClone());

        var reply = await simulator.ChatAsync(body.DeepClone(), ("x-sim-tool-call", "weather"));
        reply.Text("choices", 0, "finish_reason").ShouldBe("tool_calls");
        reply.At("choices", 0, "message", "content").ValueKind.ShouldBe(JsonValueKind.Null);
        reply.Text("choices", 0, "message", "tool_calls", 0, "function", "name").ShouldBe("weather");
        reply.Text("choices", 0, "message", "tool_calls", 0, "function", "arguments").ShouldBe("""{"city":"value","days":1}""");

        var chunks = (await simulator.StreamAsync(body, ("x-sim-tool-call", "weather")))[..^1].Select(c => c.Parse()).ToArray();
        string.Concat(chunks.Select(c => c.At("choices", 0, "delta", "tool_calls", 0, "function", "arguments")).Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()))
            .ShouldBe("""{"city":"value","days":1}""");
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":3,"messages":[]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"robot","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":7}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", "stream_options")]
    public async Task Post_Invalid_Is400ThatNamesTheField(string body, string param)
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync("/v1/chat/completions", JsonNode.Parse(body)!);
        status.ShouldBe(400);
        reply.Text("error", "param").ShouldBe(param);
        reply.Text("error", "type").ShouldBe("invalid_request_error");
    }

    [Theory]
    [InlineData("openai", 400)]
    [InlineData("electron", 200)]
    public async Task Post_UnknownFields_RefusedByTheStrict(string policy, int expected)
    {
        await using var simulator = await StartAsync(new() { Policy = policy });
        var body = Chat(("user", "hello"));
        body["provider"] = new JsonObject();
        (await simulator.PostAsync("/v1/chat/completions", body)).Status.ShouldBe(expected);

        var marked = JsonNode.Parse("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}]}""")!;
        var (status, reply) = await simulator.PostAsync("/v1/chat/completions", marked);
        status.ShouldBe(expected);
        if (expected == 400)
        {
            reply.Text("error", "param").ShouldBe("messages[0].content[0].cache_control");
        }
    }

    [Fact]
    public async Task Post_LoneSurrogate_IsAnsweredAndCounted()
    {
        await using var simulator = await StartAsync();
        using var content = new StringContent("""{"model":"m","messages":[{"role":"user","content":"a \ud800 b"}]}""");
        using var response = await simulator.Client.PostAsync("/v1/chat/completions", content);
        (await response.Content.ReadAsStringAsync()).Parse().Int("usage", "prompt_tokens").ShouldBe(3 + 4 + 3);
    }

    [Fact]
    public async Task Other_Endpoints_AnswerInTheirShapes()
    {
        await using var simulator = await StartAsync(new() { Models = ["a", "b"] });
        (await simulator.Client.GetStringAsync("/v1/models")).Parse().Text("data", 1, "id").ShouldBe("b");

        var (_, embedding) = await simulator.PostAsync("/embeddings", new JsonObject { ["model"] = "e", ["input"] = new JsonArray("one two", "three") });
        embedding.At("data").GetArrayLength().ShouldBe(2);
        embedding.Int("usage", "prompt_tokens").ShouldBe(3);

        var (_, response) = await simulator.PostAsync("/v1/responses", new JsonObject { ["model"] = "m", ["input"] = "hello" });
        response.Int("usage", "output_tokens").ShouldBe(200);
        var events = await simulator.EventsAsync("/v1/responses", new JsonObject { ["model"] = "m", ["input"] = "hello", ["stream"] = true });
        events[^1].Name.ShouldBe("response.completed");
        events[^1].Data.Parse().Int("response", "usage", "output_tokens").ShouldBe(200);

        var (status, missing) = await simulator.PostAsync("/v1/nothing", new JsonObject());
        status.ShouldBe(404);
        missing.Text("error", "message").ShouldBe("Invalid URL (POST /v1/nothing)");
    }
}
