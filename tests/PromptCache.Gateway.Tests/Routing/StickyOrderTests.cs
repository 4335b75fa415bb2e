using PromptCache.Gateway.Routing;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>A conversation stays with the provider that holds its prefix, while that saves money.</summary>
public sealed class StickyOrderTests
{
    [Theory]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 4, "CacheRead": 0.4, "Output": 9 }""", "b a")]       // reading there is cheaper than anew at a
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 1.99, "Output": 9 }""", "b a")]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 2, "Output": 9 }""", "a b")]        // no saving: back to the first choice
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 40, "CacheRead": 4, "Output": 9 }""", "a b")]
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 7.9, "Output": 9 }""", "b a")]                      // the policy's read, a quarter: 1.975
    [InlineData("""{ "Provider": "b", "Model": "m", "Input": 8, "Output": 9 }""", "a b")]
    public void Apply_HolderIsTheSecondChoice_GoesFirstWhileItIsCheaper(string price, string expected)
    {
        var model = Configured.Model($$"""
            "Models": [ { "Match": "m", "Providers": ["a", "b"] } ],
            "Prices": [ {{price}}, { "Provider": "a", "Model": "m", "Input": 2, "CacheRead": 0.2, "Output": 9 } ]
            """);

        var targets = StickyOrder.Apply(RoutePlanner.Plan(model, "m", [], allowFallbacks: true), "b", model.Prices);

        string.Join(' ', targets.Select(t => t.Provider.Name)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, "a b c")]
    [InlineData("a", "a b c")]
    [InlineData("nobody", "a b c")]
    [InlineData("c", "c a b")]      // without prices: a prefix that is there costs no more than one that is not
    public void Apply_WithoutPrices_KeepsTheConversationWhereItIs(string? holder, string expected)
    {
        var model = Configured.Model("""  "Models": [ { "Match": "an-unpriced-model", "Providers": ["a", "b", "c"] } ]  """);

        var targets = StickyOrder.Apply(RoutePlanner.Plan(model, "an-unpriced-model", [], allowFallbacks: true), holder, model.Prices);

        string.Join(' ', targets.Select(t => t.Provider.Name)).ShouldBe(expected);
    }

    [Fact]
    public void ProviderOf_ConversationThatRested_IsForgotten()
    {
        var time = new ManualTimeProvider();
        var memory = new ConversationMemory(time);
        memory.Remember("one", "b", TimeSpan.FromMinutes(5));

        memory.ProviderOf("other").ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(299));
        memory.ProviderOf("one").ShouldBe("b");
        memory.Remember("one", "b", TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromSeconds(299));
        memory.ProviderOf("one").ShouldBe("b");
        time.Advance(TimeSpan.FromSeconds(1));
        memory.ProviderOf("one").ShouldBeNull();
    }
}
