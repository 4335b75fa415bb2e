using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Caching;

public sealed class ImplicitCacheTests
{
    [Fact]
    public async Task Chat_PrefixSeenBefore_CachesAllButTheNewQuestion()
    {
        await using var simulator = await StartAsync();
        (string, string)[] prefix = [("system", Words(996)), ("user", Words(246, "question")), ("assistant", Words(246, "answer"))];

        var first = await simulator.ChatAsync(Chat([.. prefix, ("user", Words(43, "a"))]));
        (first.Int("usage", "prompt_tokens"), first.Cached()).ShouldBe((1550, 0));
        var second = await simulator.ChatAsync(Chat([.. prefix, ("user", Words(43, "b"))]));
        (second.Int("usage", "prompt_tokens"), second.Cached()).ShouldBe((1550, 1500));
    }

    [Fact]
    public async Task Chat_OneWordChanged_CachesOnlyWholeBlocksBeforeIt()
    {
        await using var simulator = await StartAsync();
        await simulator.ChatAsync(Chat(("system", Words(100)), ("user", Words(300))));

        // The grid of 128 tokens restarts at every message: a change at token 200 leaves 128 of its message.
        var changed = Words(300).Replace("word200 ", "word2OO ", StringComparison.Ordinal);
        (await simulator.ChatAsync(Chat(("system", Words(100)), ("user", changed)))).Cached().ShouldBe(104 + 4 + 128);
    }

    [Fact]
    public async Task Chat_MessagesSwapped_CachesNothingFromTheSwapOn()
    {
        await using var simulator = await StartAsync();
        await simulator.ChatAsync(Chat(("system", Words(10)), ("user", "a b"), ("user", "c d")));
        (await simulator.ChatAsync(Chat(("system", Words(10)), ("user", "c d"), ("user", "a b")))).Cached().ShouldBe(14);
    }

    [Fact]
    public async Task Chat_KeyOrderInTools_Matters()
    {
        await using var simulator = await StartAsync();
        async Task<int> CachedAsync(string tool)
        {
            var body = Chat(("user", "hello"));
            body["tools"] = new JsonArray(JsonNode.Parse(tool));
            return (await simulator.ChatAsync(body)).Cached();
        }

        (await CachedAsync("""{"type":"function","function":{"name":"f"}}""")).ShouldBe(0);
        (await CachedAsync("""{"function":{"name":"f"},"type":"function"}""")).ShouldBe(0);
        (await CachedAsync("""{ "type": "function", "function": {"name":"f"} }""")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Chat_UnusedForTheTtl_IsForgotten_UsedWithin_IsKept()
    {
        await using var simulator = await StartAsync();
        var ttl = TimeSpan.FromMinutes(5);
        var instant = TimeSpan.FromTicks(1);
        await simulator.ChatAsync(Chat(("user", "one two")));

        simulator.Clock.Advance(ttl - instant);
        (await simulator.ChatAsync(Chat(("user", "one two")))).Cached().ShouldBe(6);
        simulator.Clock.Advance(ttl - instant);
        (await simulator.ChatAsync(Chat(("user", "one two")))).Cached().ShouldBe(6);
        simulator.Clock.Advance(ttl);
        (await simulator.ChatAsync(Chat(("user", "one two")))).Cached().ShouldBe(0);
    }

    // 4 tokens go to the message and 3 to the reply's priming; where there is a step, they count in a prompt that is known whole.
    [Theory]
    [InlineData("openai", 1024 - 7, 1024)]
    [InlineData("openai", 1023 - 7, 0)]
    [InlineData("openai", 1200, 1152)]
    [InlineData("deepseek", 130, 128)]
    [InlineData("deepseek", 64 - 7, 64)]
    [InlineData("deepseek", 63 - 7, 0)]
    [InlineData("moonshot", 600, 607)]
    [InlineData("none", 600, 0)]
    public async Task Chat_MinimumAndStep_AreTheProviders(string policy, int words, int cached)
    {
        await using var simulator = await StartAsync(new() { Policy = policy, Usage = "openai" });
        await simulator.ChatAsync(Chat(("user", Words(words))));
        (await simulator.ChatAsync(Chat(("user", Words(words))))).Cached().ShouldBe(cached);
    }

    [Fact]
    public async Task Chat_OpenAI56_ReportsWhatItWrites()
    {
        await using var simulator = await StartAsync(new() { Policy = "openai-5.6" });
        var first = await simulator.ChatAsync(Chat(("system", Words(2000))));
        first.Int("usage", "prompt_tokens_details", "cache_write_tokens").ShouldBe(2004);
        var second = await simulator.ChatAsync(Chat(("system", Words(2000)), ("user", Words(10))));
        (second.Cached(), second.Int("usage", "prompt_tokens_details", "cache_write_tokens")).ShouldBe((2004, 14));
        var small = await simulator.ChatAsync(Chat(("user", Words(10))));
        small.Int("usage", "prompt_tokens_details", "cache_write_tokens").ShouldBe(0);
    }

    [Fact]
    public async Task Chat_OtherCredentialOrModel_SharesNothing()
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", Words(20)));
        await simulator.ChatAsync(body, ("authorization", "Bearer a"));
        (await simulator.ChatAsync(body, ("authorization", "Bearer b"))).Cached().ShouldBe(0);
        (await simulator.ChatAsync(body, ("authorization", "Bearer a"))).Cached().ShouldBe(24);
        body["model"] = "other";
        (await simulator.ChatAsync(body, ("authorization", "Bearer a"))).Cached().ShouldBe(0);
    }

    [Fact]
    public async Task Chat_ColdAtTheSameTime_AllMiss()
    {
        await using var simulator = await StartAsync(new() { FirstTokenDelayMs = 1000 });
        var body = Chat(("user", Words(20)));
        var first = simulator.ChatAsync(body.DeepClone());
        await simulator.Clock.NextWaitAsync();
        var second = simulator.ChatAsync(body.DeepClone());
        await simulator.Clock.NextWaitAsync();
        simulator.Clock.Advance(TimeSpan.FromSeconds(1));

        (await first).Cached().ShouldBe(0);
        (await second).Cached().ShouldBe(0);
    }

    [Fact]
    public async Task Chat_StreamHasBegun_ItsPrefixIsReadable()
    {
        await using var simulator = await StartAsync(new() { TokensPerSecond = 1 });
        var streamed = Chat(("user", Words(20)));
        streamed["stream"] = true;
        using var running = await simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", streamed), HttpCompletionOption.ResponseHeadersRead);
        await simulator.Clock.NextWaitAsync();

        (await simulator.ChatAsync(Chat(("user", Words(20))), ("x-sim-tokens-per-second", "0"))).Cached().ShouldBe(24);
    }

    [Fact]
    public async Task Chat_Error_CachesNothing()
    {
        await using var simulator = await StartAsync();
        var body = Chat(("user", Words(20)));
        (await simulator.PostAsync("/v1/chat/completions", body.DeepClone(), ("x-sim-error", "500"))).Status.ShouldBe(500);
        (await simulator.ChatAsync(body)).Cached().ShouldBe(0);
    }

    [Fact]
    public async Task Chat_QwenMarker_WritesAndReadsAtTheMarkerOnly()
    {
        await using var simulator = await StartAsync(new() { Policy = "qwen" });
        JsonObject Marked(string question) => JsonNode.Parse($$$"""
            {"model":"q","messages":[{"role":"system","content":[{"type":"text","text":"{{{Words(1500)}}}","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"{{{question}}}"}]}
            """)!.AsObject();

        var first = (await simulator.ChatAsync(Marked("a b"))).At("usage", "prompt_tokens_details");
        (first.Int("cached_tokens"), first.Int("cache_creation_input_tokens")).ShouldBe((0, 1504));
        var second = (await simulator.ChatAsync(Marked("a c"))).At("usage", "prompt_tokens_details");
        (second.Int("cached_tokens"), second.Int("cache_creation_input_tokens")).ShouldBe((1504, 0));
    }
}
