using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary><c>prompt_cache_retention</c>: what a provider caches by itself lives as long as the request asks.</summary>
public sealed class RetentionTests
{
    private static readonly string Rules = Words(2044, "You are a support agent.");

    [Theory]
    [InlineData("openai", "electron", "\"24h\"", 1439, true)]
    [InlineData("openai", "electron", "\"24h\"", 1440, false)]
    [InlineData("openai", "electron", "\"in_memory\"", 5, false)]
    [InlineData("openai", "electron", "null", 5, false)]
    [InlineData("openai", "electron", null, 4, true)]
    [InlineData("openai", "gpt-5.5", null, 1439, true)]
    [InlineData("openai", "gpt-5.5-pro", null, 1440, false)]
    [InlineData("openai", "gpt-5.6-sol", "\"24h\"", 30, false)]
    [InlineData("openrouter", "openai/gpt-5.4", "\"24h\"", 1439, true)]
    [InlineData("electron", "electron", "\"24h\"", 5, false)]
    [InlineData("gemini", "gemini-3-flash", "\"24h\"", 5, false)]
    [InlineData("day", "electron", null, 1439, true)]
    [InlineData("day", "electron", "\"24h\"", 1440, false)]
    public async Task Chat_SameRequestAgain_IsCachedAsLongAsItAsked(string policy, string model, string? retention, int minutes, bool cached)
    {
        await using var bench = await StartAsync(policy, """ "CachePolicies": { "day": { "Extends": "openai", "Ttl": "24h" } } """);
        var body = Ask(model, "Hello.", retention);

        await bench.ChatAsync(body);
        bench.Time.Advance(TimeSpan.FromMinutes(minutes));

        ((await bench.ChatAsync(body)).Cached > 0).ShouldBe(cached);
    }

    [Fact]
    public async Task Chat_LongerAndShorterRetention_APrefixOutlivesWhatFollowsIt()
    {
        await using var bench = await StartAsync("openai");

        // The longer lifetime holds for the whole prefix, whoever wrote its beginning.
        await bench.ChatAsync(Ask("electron", "One.", retention: null));
        await bench.ChatAsync(Ask("electron", Words(1000, "Two."), "\"24h\""));
        bench.Time.Advance(TimeSpan.FromHours(23));
        (await bench.ChatAsync(Ask("electron", "One.", retention: null))).Cached.ShouldBe(2048);

        // Who asks for less neither shortens the prefix nor lengthens it by more than he asks.
        bench.Time.Advance(TimeSpan.FromMinutes(59));
        (await bench.ChatAsync(Ask("electron", "Three.", "\"in_memory\""))).Cached.ShouldBe(2048);
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        (await bench.ChatAsync(Ask("electron", Words(1000, "Two."), retention: null))).Cached.ShouldBe(2048);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        (await bench.ChatAsync(Ask("electron", "One.", retention: null))).Cached.ShouldBe(0);
    }

    [Theory]
    [InlineData(""" "prompt_cache_retention":"24h","prompt_cache_retention":"in_memory" """)]
    [InlineData(""" "Prompt_Cache_Retention":"24h" """)]
    public async Task Chat_RetentionThatCanBeReadInTwoWays_IsRefused(string members)
    {
        await using var bench = await StartAsync("openai");
        using var response = await bench.Gateway.SendAsync($$"""{"model":"electron","messages":[{"role":"user","content":"Hello."}],{{members}}}""");

        ((int)response.StatusCode).ShouldBe(400);
        Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("param").GetString().ShouldBe("prompt_cache_retention");
        bench.Forwarded.ShouldBe(0);
    }

    private static JsonObject Ask(string model, string question, string? retention)
    {
        var body = Body(model, Message("system", Text(Rules)), Message("user", Text(question)));
        return retention is null ? body : body.With("prompt_cache_retention", JsonNode.Parse(retention)!);
    }
}
