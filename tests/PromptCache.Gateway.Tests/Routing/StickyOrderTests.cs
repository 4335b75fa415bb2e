using PromptCache.Gateway.Routing;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>A conversation stays with the provider that holds its prefix, while that saves money.</summary>
public sealed class StickyOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // Provider a costs 2 for input and 9 for output. b holds 1,000 of 1,000 tokens; the next prompt is as long, or as long as the case says.
    [Theory]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 4, "CacheRead": 0.4, "Output": 9 }""", 1000, 0, "b a")]       // reading there is cheaper than anew at a
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 1.99, "Output": 9 }""", 1000, 0, "b a")]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 2, "Output": 9 }""", 1000, 0, "a b")]        // no saving: back to the first choice
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 4, "Output": 9 }""", 1000, 0, "a b")]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 7.9, "Output": 9 }""", 1000, 0, "b a")]                      // the policy's read, a quarter: 1.975
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 8, "Output": 9 }""", 1000, 0, "a b")]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 2, "CacheRead": 0.2, "Output": 18 }""", 1000, 199, "b a")]   // 0.2 + 3.582 against 2 + 1.791
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 2, "CacheRead": 0.2, "Output": 18 }""", 1000, 200, "a b")]   // the answer costs what the prefix saves
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 10, "CacheRead": 1, "Output": 9 }""", 1124, 0, "b a")]       // 1 + 1.24 against 2.248
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 10, "CacheRead": 1, "Output": 9 }""", 1125, 0, "a b")]       // the new part costs what the prefix saves
    public void Apply_HolderIsTheSecondChoice_GoesFirstWhileTheTurnIsCheaperThere(string price, int bodyBytes, int completion, string expected)
    {
        var model = Configured.Model($$"""
            "Models": [ { "Match": "m", "Providers": ["a", "b"] } ],
            "Prices": [ {{price}}, { "Provider": "a", "Model": "m", "Input": 2, "CacheRead": 0.2, "Output": 9 } ]
            """);
        var held = Held("b", "m") with { CompletionTokens = completion };

        var targets = StickyOrder.Apply(RoutePlanner.Plan(model, "m", [], allowFallbacks: true), held, bodyBytes, model.Prices, tier: null, Now);

        string.Join(' ', targets.Select(t => t.Provider.Name)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, "an-unpriced-model", "a b c")]
    [InlineData("a", "an-unpriced-model", "a b c")]
    [InlineData("nobody", "an-unpriced-model", "a b c")]
    [InlineData("c", "an-unpriced-model", "c a b")]      // without prices: a prefix that is there costs no more than one that is not
    [InlineData("c", "another-model", "a b c")]          // another model has a cache of its own
    public void Apply_WithoutPrices_KeepsTheConversationWhereItIs(string? holder, string heldModel, string expected)
    {
        var model = Configured.Model("""  "Models": [ { "Match": "an-unpriced-model", "Providers": ["a", "b", "c"] } ]  """);
        var held = holder is null ? null : Held(holder, heldModel);

        var targets = StickyOrder.Apply(RoutePlanner.Plan(model, "an-unpriced-model", [], allowFallbacks: true), held, bodyBytes: 1000, model.Prices, tier: null, Now);

        string.Join(' ', targets.Select(t => t.Provider.Name)).ShouldBe(expected);
    }

    [Fact]
    public void HeldOf_ConversationThatRested_IsForgotten()
    {
        var time = new ManualTimeProvider();
        var memory = new ConversationMemory(time);
        var held = Held("b", "m");
        memory.Remember("one", held, TimeSpan.FromMinutes(5));

        memory.HeldOf("other").ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(299));
        memory.HeldOf("one").ShouldBe(held);
        memory.Remember("one", held, TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromSeconds(299));
        memory.HeldOf("one").ShouldBe(held);
        time.Advance(TimeSpan.FromSeconds(1));
        memory.HeldOf("one").ShouldBeNull();
    }

    private static HeldPrefix Held(string provider, string model) => new(provider, model, Tokens: 1000, Explicit: false, PromptTokens: 1000, CompletionTokens: 0, BodyBytes: 1000);
}
