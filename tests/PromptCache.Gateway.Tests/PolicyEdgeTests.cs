using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>The edges of a policy's minimum and step, and requests that say the same in other words, through the front door.</summary>
public sealed class PolicyEdgeTests
{
    [Theory]
    [InlineData(1023, 0)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1024)]
    [InlineData(1026, 1024)]
    [InlineData(1151, 1024)]
    [InlineData(1152, 1152)]
    [InlineData(1153, 1152)]
    [InlineData(1154, 1152)]
    public async Task Chat_SameRequestTwiceAtTheEdgeOfAStep_CachesWholeStepsOfThePrompt(int prompt, int cached)
    {
        await using var bench = await StartAsync("openai");
        var body = Body("electron", new JsonObject { ["role"] = "user", ["content"] = Bodies.Text(prompt - 3, "Edge") });

        var first = await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        (first.Prompt, first.Cached, first.Status).ShouldBe((prompt, 0, "miss"));
        (second.Prompt, second.Cached, second.Status).ShouldBe((prompt, cached, "hit"));
    }

    [Theory]
    [InlineData(1023, 0)]
    [InlineData(1024, 1024)]
    public async Task Chat_PrefixAtTheEdgeOfTheMinimum_GetsNothingFromThePriming(int prefix, int cached)
    {
        await using var bench = await StartAsync("openai");
        JsonObject Ask(string question) => Body(
            "electron",
            new JsonObject { ["role"] = "system", ["content"] = Bodies.Text(prefix, "Edge") },
            new JsonObject { ["role"] = "user", ["content"] = question });

        await bench.ChatAsync(Ask("One?"));
        var second = await bench.ChatAsync(Ask("Two!"));

        (second.Cached, second.Status).ShouldBe((cached, "partial"));
    }

    [Theory]
    [InlineData("groq", 1023, 0)]
    [InlineData("groq", 1024, 1021)]
    [InlineData("groq", 1026, 1023)]
    [InlineData("groq", 1027, 1024)]
    [InlineData("qwen", 255, 0)]
    [InlineData("qwen", 256, 253)]
    [InlineData("zai", 20, 17)]
    [InlineData("deepseek", 63, 0)]
    [InlineData("deepseek", 64, 64)]
    [InlineData("moonshot", 255, 0)]
    [InlineData("moonshot", 300, 300)]
    public async Task Chat_SameRequestTwice_TheMinimumHoldsForTheWholePrompt(string policy, int prompt, int cached)
    {
        await using var bench = await StartAsync(policy);
        var body = Body("electron", new JsonObject { ["role"] = "user", ["content"] = Bodies.Text(prompt - 3, "Edge") });

        await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        (second.Prompt, second.Cached, second.Status).ShouldBe((prompt, cached, "hit"));
    }

    [Theory]
    [InlineData(1023, 0)]
    [InlineData(1024, 1024)]
    public async Task Chat_PrefixAtTheEdgeOfAMinimumWithoutSteps_CountsByItself(int prefix, int cached)
    {
        await using var bench = await StartAsync("groq");
        JsonObject Ask(string question) => Body(
            "electron",
            new JsonObject { ["role"] = "system", ["content"] = Bodies.Text(prefix, "Edge") },
            new JsonObject { ["role"] = "user", ["content"] = question });

        await bench.ChatAsync(Ask("One?"));

        (await bench.ChatAsync(Ask("Two!"))).Cached.ShouldBe(cached);
    }

    [Theory]
    [InlineData("vllm", 16, 0)]
    [InlineData("vllm", 17, 16)]
    [InlineData("vllm", 160, 144)]
    [InlineData("vllm", 161, 160)]
    [InlineData("sglang", 160, 159)]
    [InlineData("llamacpp", 160, 159)]
    public async Task Chat_SameRequestTwiceAtAnEngine_ComputesTheLastTokenAnew(string policy, int prompt, int cached)
    {
        await using var bench = await StartAsync(policy);
        var body = Body("electron", new JsonObject { ["role"] = "user", ["content"] = Bodies.Text(prompt - 3, "Edge") });

        await bench.ChatAsync(body);
        var second = await bench.ChatAsync(body);

        (second.Prompt, second.Cached, second.Status).ShouldBe((prompt, cached, "hit"));
    }

    [Theory]
    [InlineData("deepseek", 119, true)]
    [InlineData("deepseek", 120, false)]
    [InlineData("groq", 119, true)]
    [InlineData("groq", 120, false)]
    [InlineData("vllm", 59, true)]
    [InlineData("openai", 5, false)]
    public async Task Chat_ImplicitLifetime_IsThePolicys(string policy, int minutes, bool cached)
    {
        await using var bench = await StartAsync(policy);
        var body = Body("electron", new JsonObject { ["role"] = "user", ["content"] = Bodies.Text(2000, "Edge") });

        await bench.ChatAsync(body);
        bench.Time.Advance(TimeSpan.FromMinutes(minutes));

        ((await bench.ChatAsync(body)).Cached > 0).ShouldBe(cached);
    }

    [Theory]
    [InlineData(900, 1400, "hit")]
    [InlineData(1200, 1000, "below_minimum")]
    public async Task Chat_UpstreamCountsOtherThanWe_TheReasonGoesByItsCount(int ours, int reported, string reason)
    {
        await using var upstream = await Counting(reported);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store" """);
        var body = Body(Message("user", Text(Words(ours, "Edge")).Marked(), Text("q"))).ToJsonString();

        await gateway.ChatAsync(body);
        using var second = await gateway.SendAsync(body, headers: ("x-promptcache-debug", "1"));

        second.Headers.GetValues("x-promptcache-reason").Single().ShouldBe(reason);
    }

    [Theory]
    [InlineData(1400, true)]
    [InlineData(900, false)]
    public async Task Chat_UpstreamCountsOtherThanWe_TheMinimumHoldsForItsCount(int reported, bool caches)
    {
        await using var upstream = await Counting(reported);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store" """);
        var body = Body(Message("user", Text(Words(900, "Edge")).Marked(), Text("q"))).ToJsonString();
        // 4 for the message, 1 for the question, 3 for the priming.
        var position = caches ? 904L * reported / 908 : 0;

        var first = await gateway.ChatAsync(body);
        var second = await gateway.ChatAsync(body);

        (first.Buckets(), first.Status).ShouldBe(((0, position, 0), "miss"));
        (second.Buckets(), second.Status).ShouldBe(((position, 0, 0), "hit"));
    }

    [Fact]
    public async Task Chat_UpstreamCountsLessThanTheMinimum_CachesNothing()
    {
        await using var upstream = await Counting(1000);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: """ "CachePolicy": "anthropic", "Usage": "store" """);
        var body = Body(Message("user", Text(Words(1200, "Edge")).Marked(), Text("q"))).ToJsonString();

        (await gateway.ChatAsync(body)).Buckets().ShouldBe((0, 0, 0));
        (await gateway.ChatAsync(body)).Buckets().ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData("\"1h\"", null)]
    [InlineData(null, "3600")]
    public async Task Chat_TwoTtlsOnOneBlock_IsRefusedByItsPath(string? part, string? message)
    {
        await using var bench = await StartAsync();

        var refusal = await bench.RefusalAsync(Body(Message("user", Text("a"), Text("b").Marked(part)).Marked(message)));

        refusal.ShouldBe((400, "messages[0].cache_control", "invalid_cache_control"));
        bench.Forwarded.ShouldBe(0);
        await bench.ChatAsync(Body(Message("user", Text("a"), Text("b").Marked("\"1h\"")).Marked("3600")));
    }

    [Theory]
    [InlineData("tool_choice", "\"auto\"", true)]
    [InlineData("parallel_tool_calls", "true", true)]
    [InlineData("tool_choice", "\"required\"", false)]
    [InlineData("parallel_tool_calls", "false", false)]
    public async Task Chat_DefaultThatIsSaid_IsTheSameAsNotSaid(string name, string value, bool same)
    {
        await using var bench = await StartAsync();
        JsonObject Ask() => Body(Message("user", Text(Words(1500, "Edge")).Marked())).With("tools", new JsonArray(Tool("f", "Finds.")));

        var (_, written, _) = (await bench.ChatAsync(Ask())).Buckets();
        var second = (await bench.ChatAsync(Ask().With(name, JsonNode.Parse(value)!))).Buckets();

        second.ShouldBe(same ? (written, 0, 0) : (0, written, 0));
    }

    private static Task<ScriptedUpstream> Counting(int prompt) => ScriptedUpstream.WithJsonAsync($$$"""
        {"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":1,"total_tokens":{{{prompt + 1}}}}}
        """);
}
