using System.Text.Json;
using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.OpenAI;

public sealed class UsageShapeTests
{
    private const int Prompt = 20 + 4 + 3;
    private const int Cached = 24;

    [Theory]
    [InlineData("openai", "prompt_tokens_details.cached_tokens")]
    [InlineData("openai-5.6", "prompt_tokens_details.cached_tokens")]
    [InlineData("deepseek", "prompt_cache_hit_tokens")]
    [InlineData("moonshot", "cached_tokens")]
    [InlineData("xai", "prompt_tokens_details.cached_tokens")]
    [InlineData("groq", "prompt_tokens_details.cached_tokens")]
    [InlineData("qwen", "prompt_tokens_details.cached_tokens")]
    [InlineData("mistral", "prompt_tokens_details.cached_tokens")]
    [InlineData("zai", "prompt_tokens_details.cached_tokens")]
    [InlineData("vllm", "prompt_tokens_details.cached_tokens")]
    [InlineData("vllm-continuous", "prompt_tokens_details.cached_tokens")]
    [InlineData("sglang", "prompt_tokens_details.cached_tokens")]
    [InlineData("llamacpp", "prompt_tokens_details.cached_tokens")]
    [InlineData("openrouter", "prompt_tokens_details.cached_tokens")]
    [InlineData("infron", "prompt_tokens_details.cached_tokens")]
    [InlineData("fireworks", "prompt_tokens_details.cached_tokens")]
    public async Task Body_Hit_SaysWhatWasCachedWhereTheProviderSaysIt(string shape, string path)
    {
        await using var simulator = await StartAsync(new() { Usage = shape });
        await simulator.ChatAsync(Chat(("user", Words(20))));
        var usage = (await simulator.ChatAsync(Chat(("user", Words(20))))).At("usage");

        usage.Int("prompt_tokens").ShouldBe(Prompt);
        usage.Int(path.Split('.')).ShouldBe(Cached);
    }

    [Theory]
    [InlineData("openai", false, "none")]
    [InlineData("openai", true, "last")]
    [InlineData("deepseek", true, "last")]
    [InlineData("qwen", true, "last")]
    [InlineData("moonshot", false, "choice")]
    [InlineData("moonshot", true, "choice,last")]
    [InlineData("groq", false, "x_groq")]
    [InlineData("groq", true, "x_groq,last")]
    [InlineData("xai", false, "finish,empty")]
    [InlineData("mistral", false, "finish")]
    [InlineData("zai", false, "finish")]
    [InlineData("vllm", false, "none")]
    [InlineData("vllm", true, "last")]
    [InlineData("openrouter", false, "last")]
    [InlineData("fireworks-headers", true, "none")]
    [InlineData("none", true, "none")]
    [InlineData("null-first", false, "finish")]
    public async Task Stream_UsageStandsWhereTheProviderPutsIt(string shape, bool asked, string places)
    {
        await using var simulator = await StartAsync(new() { Usage = shape, CompletionTokens = 2 });
        var body = Chat(("user", "hello"));
        if (asked)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        var chunks = (await simulator.StreamAsync(body))[..^1].Select(c => c.Parse()).ToArray();
        var found = new List<string>();
        foreach (var chunk in chunks)
        {
            var isLast = chunk.At("choices").GetArrayLength() == 0;
            var hasUsage = chunk.At("usage").ValueKind == JsonValueKind.Object;
            found.AddRange(chunk.At("choices", 0, "usage").ValueKind == JsonValueKind.Object ? ["choice"] : []);
            found.AddRange(chunk.At("x_groq", "usage").ValueKind == JsonValueKind.Object ? ["x_groq"] : []);
            found.AddRange(hasUsage ? [isLast ? "last" : "finish"] : isLast ? ["empty"] : []);
        }

        string.Join(',', found.DefaultIfEmpty("none")).ShouldBe(places);
    }

    [Theory]
    [InlineData("every-chunk")]
    [InlineData("vllm-continuous")]
    public async Task Stream_RunningTotals_GrowToTheTotal(string shape)
    {
        await using var simulator = await StartAsync(new() { Usage = shape, CompletionTokens = 5 });
        var body = Chat(("user", "hello"));
        body["stream_options"] = new JsonObject { ["include_usage"] = true };

        var totals = (await simulator.StreamAsync(body))[..^1].Select(c => c.Parse().Int("usage", "completion_tokens")).ToArray();
        totals.ShouldBe([0, 1, 2, 3, 4, 5, 5, 5]);
    }

    [Fact]
    public async Task Body_MissAtVllm_HasNoDetails()
    {
        await using var simulator = await StartAsync(new() { Usage = "vllm" });
        (await simulator.ChatAsync(Chat(("user", "hello")))).At("usage", "prompt_tokens_details").ValueKind.ShouldBe(JsonValueKind.Null);
        (await simulator.ChatAsync(Chat(("user", "hello again")), ("x-sim-usage", "sglang"))).At("usage", "prompt_tokens_details").ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task Body_ReasoningAtXai_StandsBesideTheCompletion()
    {
        await using var simulator = await StartAsync(new() { CompletionTokens = 10, ReasoningTokens = 4 });
        var xai = (await simulator.ChatAsync(Chat(("user", "hello")), ("x-sim-usage", "xai"))).At("usage");
        (xai.Int("completion_tokens"), xai.Int("completion_tokens_details", "reasoning_tokens"), xai.Int("total_tokens")).ShouldBe((10, 4, 8 + 14));
        var openai = (await simulator.ChatAsync(Chat(("user", "hello")))).At("usage");
        (openai.Int("completion_tokens"), openai.Int("completion_tokens_details", "reasoning_tokens"), openai.Int("total_tokens")).ShouldBe((14, 4, 8 + 14));
    }

    [Fact]
    public async Task Body_CostReported_IsThePricesTimesTheTokens()
    {
        await using var simulator = await StartAsync();
        await simulator.ChatAsync(Chat(("user", Words(20))));
        const decimal Expected = (((Prompt - Cached) * 0.40m) + (Cached * 0.10m) + (200 * 1.60m)) / 1_000_000m;

        (await simulator.ChatAsync(Chat(("user", Words(20))), ("x-sim-usage", "openrouter"))).At("usage", "cost").GetDecimal().ShouldBe(Expected);
        (await simulator.ChatAsync(Chat(("user", Words(20))), ("x-sim-usage", "xai"))).At("usage", "cost_in_usd_ticks").GetInt64().ShouldBe((long)(Expected * 10_000_000_000m));
        var infron = Chat(("user", Words(20)));
        (await simulator.ChatAsync(infron.DeepClone(), ("x-sim-usage", "infron"))).At("cost").ValueKind.ShouldBe(JsonValueKind.Undefined);
        infron["usage"] = new JsonObject { ["include"] = true };
        (await simulator.ChatAsync(infron, ("x-sim-usage", "infron"))).At("cost").GetDecimal().ShouldBe(Expected);
    }

    [Fact]
    public async Task Headers_Fireworks_CarryTheCounts()
    {
        await using var simulator = await StartAsync(new() { Usage = "fireworks-headers" });
        await simulator.ChatAsync(Chat(("user", Words(20))));
        using var response = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", Chat(("user", Words(20)))));
        response.Headers.GetValues("fireworks-prompt-tokens").ShouldBe([$"{Prompt}"]);
        response.Headers.GetValues("fireworks-cached-prompt-tokens").ShouldBe([$"{Cached}"]);
    }

    [Fact]
    public async Task Body_Inconsistent_ClaimsMoreCachedThanThereWas()
    {
        await using var simulator = await StartAsync(new() { Usage = "inconsistent" });
        var usage = (await simulator.ChatAsync(Chat(("user", "hello")))).At("usage");
        usage.Int("prompt_tokens_details", "cached_tokens").ShouldBeGreaterThan(usage.Int("prompt_tokens"));
    }
}
