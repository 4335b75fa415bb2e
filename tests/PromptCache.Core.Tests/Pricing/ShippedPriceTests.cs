using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class ShippedPriceTests
{
    public static TheoryData<string, string, string> Listed => new()
    {
        { "openai", "gpt-4o", "2.5 1.25 - - 10" },
        { "openai", "gpt-4.1-mini", "0.4 0.1 - - 1.6" },
        { "openai", "gpt-5-nano", "0.05 0.005 - - 0.4" },
        { "openai", "gpt-5.6-luna", "0.2 0.02 0.25 - 1.2" },
        { "openai", "gpt-6-astra", "10 1 12.5 - 50" },
        { "openai", "gpt-6-luna", "0.1 0.01 0.125 - 0.5" },
        { "anthropic", "claude-opus-5", "5 0.5 6.25 10 25" },
        { "anthropic", "claude-opus-5-5", "4 0.2 5 8 20" },
        { "anthropic", "claude-sonnet-5-5", "2 0.1 2.5 4 10" },
        { "anthropic", "claude-fable-5-1", "10 0.25 12.5 20 50" },
        { "anthropic", "claude-haiku-5-5", "0.1 0.01 0.125 0.2 0.5" },
        { "anthropic", "claude-3-haiku-20240307", "0.25 0.03 0.3 0.5 1.25" },
        { "anthropic", "claude-3-opus-20240229", "15 1.5 18.75 30 75" },
        { "anthropic", "claude-4-opus-20250514", "15 1.5 18.75 30 75" },
        { "gemini", "gemini-2.5-pro", "1.25 0.125 - - 10" },
        { "gemini", "gemini-3.6-flash", "1.5 0.15 - - 7.5" },
        { "deepseek", "deepseek-chat", "0.28 0.028 - - 0.42" },
        { "deepseek", "deepseek-flash", "0.15 0.003 - - 0.6" },
        { "xai", "grok-4.5", "2 0.5 - - 6" },
        { "xai", "grok-code-fast-1", "0.2 0.02 - - 1.5" },
        { "qwen", "qwen3.7-max", "2.5 0.5 3.125 - 7.5" },
        { "qwen", "qwen3.7-plus", "0.4 0.08 0.5 - 1.6" },
        { "moonshot", "kimi-k2.6", "0.95 0.16 - - 4" },
        { "zai", "glm-5", "1 0.2 - - 3.2" },
        { "mistral", "mistral-large-2512", "0.5 0.05 - - 1.5" },
        { "mistral", "mistral-small-2603", "0.15 0.015 - - 0.6" },
        { "groq", "openai/gpt-oss-120b", "0.15 0.075 - - 0.6" },
        { "fireworks", "gpt-oss-120b", "0.15 0.015 - - 0.6" },
        { "azure", "gpt-5.6-sol", "5 0.5 6.25 - 30" },
        { "smallest", "electron", "0.4 0.1 - - 1.6" },
    };

    [Theory]
    [MemberData(nameof(Listed))]
    public void Shipped_KnownModel_CostsWhatItsProviderLists(string provider, string model, string prices)
    {
        PriceBook.Shipped.TryFind(new(provider, model), out var price, out var explanation).ShouldBeTrue(explanation);

        var r = price!.Base;
        string.Join(' ', new[] { r.Input, r.CacheRead, r.CacheWrite, r.CacheWrite1h, r.Output }.Select(p => p is null ? "-" : p.Value.ToString("0.######"))).ShouldBe(prices);
    }

    [Fact]
    public void Shipped_EveryCard_HasSaneCachePrices()
    {
        foreach (var entry in PriceBook.Shipped.Entries)
        {
            foreach (var card in entry.Cards)
            {
                var (name, r) = ($"{entry.Provider}/{entry.Model} {card}", card.Rates);
                r.Input.ShouldNotBeNull(name);
                (r.CacheRead <= r.Input).ShouldBe(r.CacheRead is not null, name);
                (r.CacheReadExplicit <= r.Input).ShouldBe(r.CacheReadExplicit is not null, name);
                (r.CacheWrite >= r.Input && r.CacheWrite <= 1.5m * r.Input).ShouldBe(r.CacheWrite is not null, name);
                (r.CacheWrite1h >= (r.CacheWrite ?? r.Input)).ShouldBe(r.CacheWrite1h is not null, name);
            }
        }
    }

    [Fact]
    public void Shipped_EveryClaude_HasAnHourPriceOfTwiceTheInput()
    {
        foreach (var entry in PriceBook.Shipped.Entries.Where(e => e.Provider is "anthropic" or "vertex" && e.Model.StartsWith("claude", StringComparison.Ordinal)))
        {
            entry.Base.CacheWrite1h.ShouldBe(entry.Base.Input * 2, entry.Model);
        }
    }

    [Fact]
    public void Shipped_Book_HasEveryProviderAndSaysWhereFrom()
    {
        PriceBook.Shipped.Entries.Select(e => e.Provider).Distinct().ShouldBe(
            ["anthropic", "azure", "azure_ai", "bedrock", "deepseek", "fireworks", "gemini", "groq", "mistral", "moonshot", "openai", "openrouter", "qwen", "smallest", "together", "vertex", "xai", "zai"]);
        PriceBook.Shipped.Entries.ShouldAllBe(e => e.AsOf != null && !string.IsNullOrEmpty(e.Source));
        PriceBook.Shipped.AsOf.ShouldBeGreaterThanOrEqualTo(new DateOnly(2026, 8, 1));
    }

    [Fact]
    public void Shipped_File_IsWrittenAsItIsRead()
    {
        var problems = new List<PriceProblem>();
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("PromptCache.Core.Pricing.prices.jsonl")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        PriceBuilder.ToBytes(PriceFile.Read(bytes, problems)!).ShouldBe(bytes);
        problems.ShouldBeEmpty();
        bytes.Length.ShouldBeLessThan(400_000);
    }
}
