using System.Collections.Immutable;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>Which providers serve a model, under which name, and in which order.</summary>
public sealed class RoutePlannerTests
{
    private const string Routes = """
        "Models": [
            { "Match": "claude-*", "Providers": ["a", "b"] },
            { "Match": "google/*", "Providers": ["b"], "StripPrefix": true },
            { "Match": "fast", "Providers": ["b", "c"], "Model": "gpt-5-mini" },
            { "Match": "claude-3*", "Providers": ["c"] },
            { "Match": "dotted.name", "Providers": ["c"] } ],
        "DefaultProvider": "c"
        """;

    [Theory]
    [InlineData("claude-sonnet-5", "a:claude-sonnet-5 b:claude-sonnet-5")]
    [InlineData("CLAUDE-sonnet-5", "a:CLAUDE-sonnet-5 b:CLAUDE-sonnet-5")]
    [InlineData("claude-3-opus", "a:claude-3-opus b:claude-3-opus")]          // the first that matches
    [InlineData("google/gemini-3.6-flash", "b:gemini-3.6-flash")]
    [InlineData("google/models/gemini", "b:models/gemini")]                   // one prefix only
    [InlineData("fast", "b:gpt-5-mini c:gpt-5-mini")]
    [InlineData("faster", "c:faster")]                                        // an alias is no prefix
    [InlineData("dotted.name", "c:dotted.name")]
    [InlineData("dotted-name", "c:dotted-name")]
    [InlineData("a/whatever", "a:whatever")]                                  // provider/model
    [InlineData("A/org/model:free", "a:org/model:free")]
    [InlineData("nobody/model", "c:nobody/model")]                            // no provider of that name: the default
    [InlineData("/model", "c:/model")]
    public void Plan_Model_GoesToItsProvidersUnderItsName(string model, string expected)
        => Text(RoutePlanner.Plan(Configured.Model(Routes), model, [], allowFallbacks: true)).ShouldBe(expected);

    [Fact]
    public void Plan_RouteThatIsAboutAPrefixedName_ComesBeforeTheProvider()
    {
        var model = Configured.Model("""  "Models": [ { "Match": "a/*", "Providers": ["b"] } ]  """);

        Text(RoutePlanner.Plan(model, "a/x", [], allowFallbacks: true)).ShouldBe("b:a/x");
    }

    [Fact]
    public void Plan_RouteForEverything_DoesNotHideTheProvidersName()
    {
        var model = Configured.Model("""  "Models": [ { "Match": "*", "Providers": ["b"] } ]  """);

        Text(RoutePlanner.Plan(model, "a/x", [], allowFallbacks: true)).ShouldBe("a:x");
        Text(RoutePlanner.Plan(model, "x", [], allowFallbacks: true)).ShouldBe("b:x");
    }

    [Fact]
    public void Plan_NothingServesTheModel_IsEmpty()
        => RoutePlanner.Plan(Configured.Model("""  "Models": [ { "Match": "only", "Providers": ["a"] } ]  """), "other", [], allowFallbacks: true).ShouldBeEmpty();

    [Theory]
    [InlineData("b", true, "b:claude-x a:claude-x")]
    [InlineData("B a", true, "b:claude-x a:claude-x")]
    [InlineData("c b", true, "b:claude-x a:claude-x")]       // c does not serve the model
    [InlineData("nobody", true, "a:claude-x b:claude-x")]
    [InlineData("b", false, "b:claude-x")]
    [InlineData("", false, "a:claude-x")]
    public void Plan_OrderOfTheRequest_ComesFirst(string order, bool allowFallbacks, string expected)
    {
        ImmutableArray<string> names = [.. order.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        Text(RoutePlanner.Plan(Configured.Model(Routes), "claude-x", names, allowFallbacks)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("anthropic", "router:m")]      // a name of its own: it judges it itself
    [InlineData("a", "a:m")]
    [InlineData("router", "router:m")]
    public void Plan_OrderThatAProviderTakesItself_IsLeftToIt(string order, string expected)
    {
        var model = Configured.Model(""" "Models": [ { "Match": "m", "Providers": ["a", "router"] } ] """, """, "router": { "Preset": "openrouter", "ApiKey": "none" } """);

        Text(RoutePlanner.Plan(model, "m", [order], allowFallbacks: false)).ShouldBe(expected);
    }

    private static string Text(ImmutableArray<RouteTarget> targets) => string.Join(' ', targets.Select(t => $"{t.Provider.Name}:{t.Model}"));
}
