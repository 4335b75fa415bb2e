using System.Text.Json;
using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Gemini.GeminiCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Gemini;

public sealed class GenerateContentTests
{
    [Fact]
    public async Task Post_Plain_HasTheDocumentedShape()
    {
        await using var simulator = await StartAsync();
        var body = Request(Turn("user", Words(5)));
        body["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["text"] = Words(10) }) };
        var reply = await simulator.GenerateAsync(body);

        reply.Text("candidates", 0, "finishReason").ShouldBe("STOP");
        reply.Text("candidates", 0, "content", "role").ShouldBe("model");
        var usage = reply.At("usageMetadata");
        (usage.Int("promptTokenCount"), usage.Int("candidatesTokenCount"), usage.Int("totalTokenCount")).ShouldBe((14 + 9 + 3, 200, 226));
        usage.At("cachedContentTokenCount").ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task Stream_EveryChunkHasTheRunningTotal()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 4, TokensPerChunk = 2, ReasoningTokens = 3 });
        var whole = await simulator.GenerateAsync(Request(Turn("user", "x")));
        var chunks = await StreamAsync(simulator, Request(Turn("user", "x")));

        chunks.Select(c => c.Int("usageMetadata", "candidatesTokenCount")).ShouldBe([2, 4]);
        chunks[^1].At("usageMetadata").GetRawText().ShouldBe(whole.At("usageMetadata").GetRawText());
        chunks[^1].Int("usageMetadata", "thoughtsTokenCount").ShouldBe(3);
        chunks[^1].Int("usageMetadata", "totalTokenCount").ShouldBe(8 + 4 + 3);
        chunks.Select(c => c.At("candidates", 0, "finishReason").ValueKind).ShouldBe([JsonValueKind.Undefined, JsonValueKind.String]);
        string.Concat(chunks.Select(c => c.Text("candidates", 0, "content", "parts", 0, "text"))).ShouldBe(whole.Text("candidates", 0, "content", "parts", 0, "text"));

        var (_, array) = await simulator.PostAsync($"/v1beta/models/{Model}:streamGenerateContent", Request(Turn("user", "x")), Headers);
        array.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Stream_ThoughtsAskedFor_ComeFirstAndAreMarked()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 1 });
        var body = Request(Turn("user", "x"));
        body["generationConfig"] = new JsonObject { ["thinkingConfig"] = new JsonObject { ["includeThoughts"] = true } };
        var chunks = await StreamAsync(simulator, body);
        chunks.Count(c => c.At("candidates", 0, "content", "parts", 0, "thought").ValueKind == JsonValueKind.True).ShouldBe(16);
        chunks[^1].Int("usageMetadata", "thoughtsTokenCount").ShouldBe(16);
    }

    [Fact]
    public async Task Post_Capped_EndsAtTheCap()
    {
        await using var simulator = await StartAsync();
        var body = Request(Turn("user", "x"));
        body["generation_config"] = new JsonObject { ["max_output_tokens"] = 7 };
        var reply = await simulator.GenerateAsync(body);
        (reply.Int("usageMetadata", "candidatesTokenCount"), reply.Text("candidates", 0, "finishReason")).ShouldBe((7, "MAX_TOKENS"));
    }

    [Theory]
    [InlineData(1028 - 4, 1028)]
    [InlineData(1027 - 4, 0)]
    public async Task Post_Again_IsCachedFromTheMinimumOn(int words, int cached)
    {
        await using var simulator = await StartAsync();
        Cached(await simulator.GenerateAsync(Request(Turn("user", Words(words))))).ShouldBe(0);
        Cached(await simulator.GenerateAsync(Request(Turn("user", Words(words)), Turn("user", "more")))).ShouldBe(cached);
        simulator.Clock.Advance(TimeSpan.FromMinutes(5));
        Cached(await simulator.GenerateAsync(Request(Turn("user", Words(words))))).ShouldBe(0);
    }

    [Fact]
    public async Task Post_ToolAskedFor_CallsItAndWantsItsSignatureBack()
    {
        await using var simulator = await StartAsync();
        var body = Request(Turn("user", "x"));
        body["tools"] = JsonNode.Parse("""[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","required":["n"],"properties":{"n":{"type":"INTEGER"}}}}]}]""");
        async Task<(int, JsonElement)> PostAsync() => await simulator.PostAsync("/v1beta/models/gemini-3.5-flash:generateContent", body.DeepClone(), [.. Headers, ("x-sim-tool-call", "f")]);

        var (_, reply) = await PostAsync();
        var part = reply.At("candidates", 0, "content", "parts", 0);
        part.At("functionCall", "args").GetRawText().ShouldBe("""{"n":1}""");
        body["contents"]!.AsArray().Add(JsonNode.Parse(reply.At("candidates", 0, "content").GetRawText()));
        body["contents"]!.AsArray().Add(JsonNode.Parse("""{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":2}}}]}"""));
        (await PostAsync()).Item1.ShouldBe(200);

        body["contents"]![1]!["parts"]![0]!.AsObject().Remove("thoughtSignature");
        var (status, refusal) = await PostAsync();
        status.ShouldBe(400);
        refusal.Text("error", "message").ShouldStartWith("Function call is missing a thought_signature in functionCall parts.");
    }

    private static async Task<JsonElement[]> StreamAsync(TestSimulator simulator, JsonNode body)
    {
        using var response = await simulator.Client.SendAsync(simulator.Request($"/v1beta/models/{Model}:streamGenerateContent?alt=sse", body, Headers));
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldEndWith("\r\n\r\n");
        return [.. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..].Parse())];
    }
}
