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
