using System.Text.Json;
using PromptCache.Core.Policies;
using PromptCache.Core.Tests.Blocks;

namespace PromptCache.Core.Tests.Policies;

public sealed class CachePolicyCatalogTests
{
    [Fact]
    public void Shipped_Names_AreAllThere()
        => CachePolicyCatalog.Shipped.Policies.Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(
        [
            "anthropic", "deepseek", "electron", "fireworks", "gemini", "groq", "llamacpp", "mistral", "moonshot", "none", "openai",
            "openai-5.6", "openrouter", "qwen", "sglang", "together", "vllm", "xai", "zai",
        ]);

    [Fact]
    public void Shipped_EveryValue_HasASource()
    {
        using var stream = typeof(CachePolicy).Assembly.GetManifestResourceStream("PromptCache.Core.Policies.policies.json").ShouldNotBeNull();
        using var file = JsonDocument.Parse(stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        foreach (var policy in file.RootElement.GetProperty("Policies").EnumerateArray())
        {
            var name = policy.GetProperty("Name").GetString();
            var values = policy.EnumerateObject().Select(p => p.Name).Except(["Name", "Sources", "Models"]).Order(StringComparer.Ordinal);
            var sources = policy.GetProperty("Sources").EnumerateObject().ToList();

            policy.TryGetProperty("Mode", out _).ShouldBeTrue(name);
            sources.Select(s => s.Name).Order(StringComparer.Ordinal).ShouldBe(values, name);
            sources.ShouldAllBe(s => s.Value.GetString()!.Length > 10, name);
        }

        CachePolicyCatalog.Shipped.Policies.SelectMany(p => p.Models).ShouldAllBe(m => !string.IsNullOrEmpty(m.Source));
    }

    [Fact]
    public void Shipped_AllPolicies_PassTheChecksThatConfiguredOnesMust()
    {
        var same = CachePolicyCatalog.Shipped.Policies.ToDictionary(p => p.Name, _ => new CachePolicyOverride());

        CachePolicyCatalog.Shipped.With(same, out var errors);

        errors.ShouldBeEmpty();
    }

    [Fact]
    public void TryGet_AnyCase_FindsAndUnknownDoesNot()
    {
        CachePolicyCatalog.Shipped.TryGet("Anthropic", out _).ShouldBeTrue();
        CachePolicyCatalog.Shipped.TryGet("nobody", out _).ShouldBeFalse();
    }

    [Fact]
    public void With_ExtendsAShippedPolicy_ChangesWhatItSays()
    {
        var mine = With("mine", new()
        {
            Extends = "anthropic",
            Ttl = TimeSpan.FromMinutes(10),
            Models = [new ModelRule("big-*") { MinTokens = 4096 }],
        });

        mine.Name.ShouldBe("mine");
        mine.Ttl.ShouldBe(TimeSpan.FromMinutes(10));
        mine.TtlExtended.ShouldBe(TimeSpan.FromHours(1));
        mine.Mode.ShouldBe(CacheMode.Explicit);
        Resolve(mine, "big-model").MinTokens.ShouldBe(4096);
        Resolve(mine, "claude-haiku-4-5").MinTokens.ShouldBe(4096);
        Resolve(mine, "small-model").MinTokens.ShouldBe(1024);
    }

    [Fact]
    public void With_MinimumForAll_BeatsInheritedModelRules()
        => Resolve(With("mine", new() { Extends = "anthropic", MinTokens = 10 }), "claude-haiku-4-5").MinTokens.ShouldBe(10);

    [Fact]
    public void With_TtlOverAPolicyThatHandsModelsOver_GoesAlong()
    {
        var resolved = Resolve(With("mine", new() { Extends = "openai", Ttl = TimeSpan.FromHours(3) }), "gpt-5.6-luna");

        resolved.AutomaticBreakpoint.ShouldBeTrue();
        resolved.Ttl.ShouldBe(TimeSpan.FromHours(3));
    }

    [Fact]
    public void With_ShippedName_ReplacesItEverywhere()
    {
        var catalog = CachePolicyCatalog.Shipped.With(new Dictionary<string, CachePolicyOverride> { ["deepseek"] = new() { StepTokens = 1 } }, out var errors);

        errors.ShouldBeEmpty();
        catalog.TryGet("deepseek", out var deepseek).ShouldBeTrue();
        deepseek!.StepTokens.ShouldBe(1);
        catalog.TryGet("openrouter", out var openrouter).ShouldBeTrue();
        Resolve(openrouter!, "deepseek/deepseek-chat").StepTokens.ShouldBe(1);
        CachePolicyCatalog.Shipped.TryGet("deepseek", out var shipped).ShouldBeTrue();
        shipped!.StepTokens.ShouldBe(64);
    }

    [Fact]
    public void With_ShippedNameThatExtendsItself_MeansTheShippedOne()
        => With("openai", new() { Extends = "openai", MinTokens = 5 }).StepTokens.ShouldBe(128);

    [Fact]
    public void With_ChainOfConfiguredPolicies_InheritsThroughAll()
    {
        var catalog = CachePolicyCatalog.Shipped.With(
            new Dictionary<string, CachePolicyOverride>
            {
                ["a"] = new() { Extends = "b", MinTokens = 1 },
                ["b"] = new() { Extends = "c", StepTokens = 2 },
                ["c"] = new() { Extends = "groq", Ttl = TimeSpan.FromHours(4) },
            },
            out var errors);

        errors.ShouldBeEmpty();
        catalog.TryGet("a", out var a).ShouldBeTrue();
        (a!.MinTokens, a.StepTokens, a.Ttl, a.Read).ShouldBe((1, 2, TimeSpan.FromHours(4), 0.5m));
    }

    [Fact]
    public void With_NewNameWithoutExtends_IsAPlainImplicitPolicy()
        => With("mine", new() { StepTokens = 7 }).Mode.ShouldBe(CacheMode.Implicit);

    [Fact]
    public void With_Mistakes_AreAllListedAndNothingChanges()
    {
        var catalog = CachePolicyCatalog.Shipped.With(
            new Dictionary<string, CachePolicyOverride>
            {
                ["lost"] = new() { Extends = "nobody" },
                ["one"] = new() { Extends = "two" },
                ["two"] = new() { Extends = "one" },
                ["self"] = new() { Extends = "self" },
                ["negative"] = new() { MinTokens = -1, StepTokens = 0, Write = -1m, Read = -0.1m, MaxBreakpoints = -1, LookbackBlocks = -1 },
                ["times"] = new() { Ttl = TimeSpan.FromHours(2), TtlExtended = TimeSpan.FromHours(1) },
                ["zero"] = new() { Ttl = TimeSpan.Zero },
                ["rule"] = new() { Models = [new ModelRule("") { MinTokens = -2, StepTokens = -3, Ttl = TimeSpan.FromSeconds(-1) }] },
            },
            out var errors);

        catalog.ShouldBeSameAs(CachePolicyCatalog.Shipped);
        foreach (var path in (string[])[
            "lost:Extends", "two:Extends", "self:Extends", "negative:MinTokens", "negative:StepTokens", "negative:Write", "negative:Read", "negative:MaxBreakpoints",
            "negative:LookbackBlocks", "times:TtlExtended", "zero:Ttl", "rule:Models:0:Match", "rule:Models:0:MinTokens", "rule:Models:0:StepTokens", "rule:Models:0:Ttl"])
        {
            errors.Count(e => e.StartsWith($"CachePolicies:{path} ", StringComparison.Ordinal)).ShouldBe(1, $"{path} in\n{string.Join('\n', errors)}");
        }

        errors.Length.ShouldBe(15);
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("gpt-*", "gpt-4o", true)]
    [InlineData("gpt-*", "openai/gpt-4o", true)]
    [InlineData("openai/*", "openai/gpt-4o", true)]
    [InlineData("openai/*", "gpt-4o", false)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("*mini*", "gpt-4o-mini", true)]
    [InlineData("a*b*c", "a-x-b-b-y-c", true)]
    [InlineData("a*b*c", "a-x-b-b-y-d", false)]
    [InlineData("llama3.2:1b", "LLAMA3-2-1B", true)]
    [InlineData("", "x", false)]
    public void Match_Pattern_MeansTheModel(string pattern, string model, bool matches)
        => Resolve(With("mine", new() { Models = [new ModelRule(pattern.Length == 0 ? "-" : pattern) { MinTokens = 99 }] }), model).MinTokens.ShouldBe(matches ? 99 : 0);

    private static CachePolicy With(string name, CachePolicyOverride over)
    {
        var catalog = CachePolicyCatalog.Shipped.With(new Dictionary<string, CachePolicyOverride> { [name] = over }, out var errors);
        errors.ShouldBeEmpty();
        return catalog.TryGet(name, out var policy) ? policy : throw new InvalidOperationException(name);
    }

    private static CachePolicy Resolve(CachePolicy policy, string model)
        => new PolicyBench(policy, model).Plan(new PromptDraft().User("q")).Policy;
}
