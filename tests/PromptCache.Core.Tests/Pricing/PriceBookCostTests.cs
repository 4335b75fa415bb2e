using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Pricing;

public sealed class PriceBookCostTests
{
    private static readonly PriceQuery Electron = new("electron", "electron");

    [Fact]
    public void Cost_ElectronFirstTurn_IsTheDocumentedTotal()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1550, 0, 200));

        cost.PromptCost.ShouldBe(0.00062m);
        cost.CompletionCost.ShouldBe(0.00032m);
        cost.TotalCost.ShouldBe(0.00094m);
        cost.CacheSavings.ShouldBe(0m);
    }

    [Fact]
    public void Cost_ElectronSecondTurn_IsTheDocumentedObjectFieldByField()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1550, 1500, 200) with { CacheWrite = 0, Source = CountSource.Store });

        cost.ShouldBe(new CostDetails
        {
            Status = CostStatus.Exact,
            Source = CountSource.Store,
            PromptCost = 0.00017m,
            CacheReadCost = 0.00015m,
            CacheWriteCost = 0,
            CacheWrite5MinCost = 0,
            CacheWrite1HourCost = 0,
            CompletionCost = 0.00032m,
            TotalCost = 0.00049m,
            CacheSavings = 0.00045m,
        });
    }

    [Fact]
    public void Cost_ElectronSecondTurn_HasNoTrailingZeros()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1550, 1500, 200));

        $"{cost.PromptCost} {cost.CacheReadCost} {cost.CacheWriteCost} {cost.TotalCost}".ShouldBe("0.00017 0.00015 0 0.00049");
    }

    [Fact]
    public void Cost_FromConfigurationAlone_GivesTheSameNumbers()
    {
        var book = PriceBook.Empty.WithOverrides([new() { Model = "electron", Input = 0.40m, CacheRead = 0.10m, Output = 1.60m }]);

        book.Cost(new("local", "electron"), Usage(1550, 1500, 200)).TotalCost.ShouldBe(0.00049m);
    }

    [Fact]
    public void Cost_GeminiFlashExplicitRead_IsTheDocumentedReadCost()
        => PriceBook.Shipped.Cost(new("infron", "google/gemini-2.5-flash"), Usage(2100, 2039, 1)).CacheReadCost.ShouldBe(6.117e-05m);

    [Theory]
    [InlineData("claude-sonnet-4-5@20250929", 0.1)]
    [InlineData("claude-opus-5-5", 0.05)]
    [InlineData("claude-sonnet-5-5", 0.05)]
    [InlineData("claude-fable-5-1", 0.025)]
    public void Cost_Anthropic_ReadsAndWritesAtItsMultiples(string model, double read)
    {
        var input = Price("anthropic", model).Base.Input!.Value;

        var cost = PriceBook.Shipped.Cost(new("anthropic", model), Usage(30_000, 10_000, 0) with { CacheWrite = 10_000, CacheWrite1h = 10_000 });

        cost.CacheReadCost.ShouldBe(input * (decimal)read / 100);
        cost.CacheWrite5MinCost.ShouldBe(input * 1.25m / 100);
        cost.CacheWrite1HourCost.ShouldBe(input * 2m / 100);
        cost.CacheWriteCost.ShouldBe(input * 3.25m / 100);
    }

    [Fact]
    public void Cost_OnlyWrites_SavingsAreNegative()
        => PriceBook.Shipped.Cost(new("anthropic", "claude-sonnet-4-5"), Usage(10_000, 0, 10) with { CacheWrite = 10_000 }).CacheSavings.ShouldBe(-0.0075m);

    [Theory]
    [InlineData(200_000, 3)]
    [InlineData(200_001, 6)]
    public void Cost_AnthropicAtItsThreshold_OnlyAboveItIsLong(long prompt, int input)
        => PriceBook.Shipped.Cost(new("anthropic", "claude-sonnet-4-5"), Usage(prompt, 0, 0)).PromptCost.ShouldBe(prompt * input / 1_000_000m);

    [Fact]
    public void Cost_CachedTokensAboveTheThreshold_CountForTheTierAndAllTokensMove()
    {
        var cost = PriceBook.Shipped.Cost(new("anthropic", "claude-haiku-5-5"), Usage(100_001, 100_000, 1000));

        cost.CacheReadCost.ShouldBe(0.05m * 0.1m);
        cost.CompletionCost.ShouldBe(2.5m / 1000);
    }

    [Theory]
    [InlineData(199_999, 1.25)]
    [InlineData(200_000, 2.5)]
    public void Cost_XaiAtItsThreshold_IsAlreadyLong(long prompt, double input)
        => PriceBook.Shipped.Cost(new("xai", "grok-4.3"), Usage(prompt, 0, 0)).PromptCost.ShouldBe(prompt * (decimal)input / 1_000_000m);

    [Theory]
    [InlineData(32_000, 1.2)]
    [InlineData(32_001, 2.4)]
    [InlineData(128_001, 3)]
    public void Cost_QwenTiers_HoldForTheWholeRequest(long prompt, double input)
        => PriceBook.Shipped.Cost(new("qwen", "qwen3-max"), Usage(prompt, 0, 0)).PromptCost.ShouldBe(prompt * (decimal)input / 1_000_000m);

    [Theory]
    [InlineData(false, 0.5)]
    [InlineData(true, 0.25)]
    public void Cost_QwenRead_DependsOnTheCacheMode(bool explicitCache, double read)
        => PriceBook.Shipped.Cost(new("qwen", "qwen3.7-max", Explicit: explicitCache), Usage(2_000_000, 1_000_000, 0)).CacheReadCost.ShouldBe((decimal)read);

    [Theory]
    [InlineData(null, 5, 0.5)]
    [InlineData("default", 5, 0.5)]
    [InlineData("flex", 2.5, 0.25)]
    [InlineData("priority", 10, 1)]
    [InlineData("batch", 2.5, 0.25)]
    [InlineData("Flex", 2.5, 0.25)]
    public void Cost_ServiceTier_HasItsOwnPrices(string? tier, double input, double read)
    {
        var cost = PriceBook.Shipped.Cost(new("openai", "gpt-5.6-sol", tier), Usage(100_000, 50_000, 0));

        cost.PromptCost.ShouldBe(((decimal)input + (decimal)read) / 20);
    }

    [Fact]
    public void Cost_ServiceTierAndLongPrompt_TheUnlistedRowIsTheLongRowAtTheTiersRatio()
    {
        var rates = Price("openai", "gpt-5.4").Select("priority", 272_001).Rates;

        (rates.Input, rates.CacheRead, rates.Output).ShouldBe((10m, 1m, 45m));
    }

    [Theory]
    [InlineData("2026-11-20T00:59:59Z", 0.66)]   // a Friday
    [InlineData("2026-11-20T01:00:00Z", 1.32)]
    [InlineData("2026-11-20T03:59:59Z", 1.32)]
    [InlineData("2026-11-20T04:00:00Z", 0.66)]
    [InlineData("2026-11-20T09:59:59Z", 1.32)]
    [InlineData("2026-11-20T10:00:00Z", 0.66)]
    [InlineData("2026-11-21T02:00:00Z", 0.66)]   // a Saturday
    [InlineData("2026-11-20T09:30:00+08:00", 1.32)]
    [InlineData(null, 0.66)]
    public void Cost_DeepSeek_CostsTwiceAtPeakHours(string? at, double input)
    {
        DateTimeOffset? moment = at is null ? null : DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        PriceBook.Shipped.Cost(new("deepseek", "deepseek-v4-pro", At: moment), Usage(1_000_000, 0, 0)).PromptCost.ShouldBe((decimal)input);
    }

    [Theory]
    [InlineData("2026-12-31T23:59:59Z", 0.75, 0.5)]
    [InlineData("2027-01-01T00:00:00Z", 1.5, 1)]
    public void Cost_PriceWithADate_HoldsFromThatDay(string at, double input, double storage)
    {
        var query = new PriceQuery("gemini", "gemini-3.8-flash", At: DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));

        PriceBook.Shipped.Cost(query, Usage(1_000_000, 0, 0)).PromptCost.ShouldBe((decimal)input);
        PriceBook.Shipped.StorageCost(query, 1_000_000, TimeSpan.FromHours(1)).ShouldBe((decimal)storage);
    }

    [Fact]
    public void Cost_ProviderReportedIt_IsTheTotalAndThePartsAreComputed()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1550, 1500, 200) with { ReportedCost = 0.95m });

        cost.TotalCost.ShouldBe(0.95m);
        cost.PromptCost.ShouldBe(0.00017m);
        cost.Status.ShouldBe(CostStatus.Exact);
    }

    [Fact]
    public void Cost_UnknownModelWithAReportedCost_HasATotalAndNoParts()
    {
        var cost = PriceBook.Shipped.Cost(new("openrouter", "acme/unheard-of"), Usage(10, 0, 10) with { ReportedCost = 0.002m });

        cost.ShouldBe(new CostDetails { Status = CostStatus.Exact, Source = CountSource.Provider, TotalCost = 0.002m });
    }

    [Fact]
    public void Cost_UnknownModel_IsUnpricedWithoutAmounts()
        => PriceBook.Shipped.Cost(new("openai", "gpt-99"), Usage(10, 5, 10))
            .ShouldBe(new CostDetails { Status = CostStatus.Unpriced, Source = CountSource.Provider });

    [Fact]
    public void Cost_UnknownCounts_IsUnpriced()
    {
        PriceBook.Shipped.Cost(Electron, Usage(10, 5, 10) with { PromptTokens = null }).Status.ShouldBe(CostStatus.Unpriced);
        PriceBook.Shipped.Cost(Electron, Usage(10, 5, 10) with { CompletionTokens = null }).TotalCost.ShouldBeNull();
    }

    [Fact]
    public void Cost_ListedAtZero_IsPricedAtZero()
    {
        var cost = PriceBook.Shipped.Cost(new("zai", "glm-4.7-flash"), Usage(1000, 500, 10));

        (cost.Status, cost.TotalCost).ShouldBe((CostStatus.Exact, 0m));
    }

    [Fact]
    public void Cost_UnknownBuckets_CountAsNothingAndKeepTheirSource()
    {
        var cost = PriceBook.Shipped.Cost(Electron, new() { PromptTokens = 1550, CompletionTokens = 200, Source = CountSource.Unknown });

        (cost.TotalCost, cost.CacheReadCost, cost.Source).ShouldBe((0.00094m, 0m, CountSource.Unknown));
    }

    [Fact]
    public void Cost_NoReadPrice_IsTheMultiplierOrTheInputPrice()
    {
        var book = Books.Of("""{"provider":"acme","model":"m","input":2,"output":4}""");
        var usage = Usage(1_000_000, 1_000_000, 0);

        book.Cost(new("acme", "m"), usage).CacheReadCost.ShouldBe(2m);
        book.Cost(new("acme", "m"), usage, readMultiplier: 0.1m).CacheReadCost.ShouldBe(0.2m);
    }

    [Fact]
    public void Cost_NoWritePrices_AreTheMultipliers()
    {
        var book = Books.Of("""{"provider":"acme","model":"m","input":2,"output":4}""");
        var usage = Usage(2_000_000, 0, 0) with { CacheWrite = 1_000_000, CacheWrite1h = 1_000_000 };

        var cost = book.Cost(new("acme", "m"), usage, writeMultiplier: 1.25m, write1hMultiplier: 2m);

        (cost.CacheWrite5MinCost, cost.CacheWrite1HourCost, cost.CacheSavings).ShouldBe((2.5m, 4m, -2.5m));
    }

    [Fact]
    public void Cost_NoOutputPrice_IsUnpricedOnlyWhenThereIsOutput()
    {
        var book = Books.Of("""{"provider":"acme","model":"m","input":2}""");

        book.Cost(new("acme", "m"), Usage(10, 0, 1)).Status.ShouldBe(CostStatus.Unpriced);
        book.Cost(new("acme", "m"), Usage(1_000_000, 0, 0)).TotalCost.ShouldBe(2m);
    }

    [Fact]
    public void Cost_UsageMarkedInconsistent_SaysSo()
        => PriceBook.Shipped.Cost(Electron, Usage(100, 100, 1) with { Inconsistent = true }).Status.ShouldBe(CostStatus.Inconsistent);

    [Fact]
    public void Cost_MoreCachedThanThereIs_IsClampedAndMarked()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1000, 5000, 0) with { CacheWrite = 7 });

        (cost.Status, cost.PromptCost).ShouldBe((CostStatus.Inconsistent, 0.0001m));
    }

    [Fact]
    public void StorageCost_GeminiPro_IsPriceTimesTokensTimesHours()
    {
        PriceBook.Shipped.StorageCost(new("gemini", "gemini-2.5-pro"), 100_000, TimeSpan.FromMinutes(5)).ShouldBe(4.5m / 10 / 12);
        PriceBook.Shipped.StorageCost(new("openai", "gpt-4o"), 100_000, TimeSpan.FromMinutes(5)).ShouldBeNull();
    }

    [Fact]
    public void WithStorage_KnownAmount_IsBookedAsAWrite()
    {
        var cost = PriceBook.Shipped.Cost(Electron, Usage(1550, 1500, 200)).WithStorage(0.001m);

        (cost.CacheWriteCost, cost.PromptCost, cost.TotalCost, cost.CacheSavings).ShouldBe((0.001m, 0.00117m, 0.00149m, -0.00055m));
        cost.WithStorage(null).ShouldBe(cost);
    }

    [Fact]
    public void Cost_AnyUsage_ThePartsAddUp()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        var entries = PriceBook.Shipped.Entries;
        for (var i = 0; i < 20_000; i++)
        {
            var entry = entries[random.Next(entries.Count)];
            var query = new PriceQuery(entry.Provider, entry.Model, random.Next(3) switch { 0 => "batch", 1 => "flex", _ => null }, random.Next(2) == 0);
            var prompt = random.NextInt64(500_000);
            var read = random.NextInt64(prompt + 1);
            var write = random.NextInt64(prompt - read + 1);
            var usage = Usage(prompt, read, random.NextInt64(10_000)) with { CacheWrite = write, CacheWrite1h = random.NextInt64(prompt - read - write + 1) };

            var cost = PriceBook.Shipped.Cost(query, usage, 1.25m, 2m);

            if (cost.Status == CostStatus.Unpriced)
            {
                entry.Base.Output.ShouldBeNull($"seed {Seed}, case {i}: {entry.Provider}/{entry.Model}");
                continue;
            }

            var rates = entry.Select(query.ServiceTier, prompt).Rates;
            var uncached = usage.Uncached!.Value * rates.Input!.Value / 1_000_000m;
            var because = $"seed {Seed}, case {i}: {entry.Provider}/{entry.Model}";
            cost.CacheWriteCost.ShouldBe(cost.CacheWrite5MinCost + cost.CacheWrite1HourCost, because);
            cost.PromptCost.ShouldBe(uncached + cost.CacheReadCost + cost.CacheWriteCost, because);
            cost.TotalCost.ShouldBe(cost.PromptCost + cost.CompletionCost, because);
            cost.CacheSavings.ShouldBe((prompt * rates.Input!.Value / 1_000_000m) - cost.PromptCost, because);
        }
    }

    private static TokenUsage Usage(long prompt, long read, long completion)
        => new() { PromptTokens = prompt, CacheRead = read, CompletionTokens = completion, Source = CountSource.Provider };

    private static ModelPrice Price(string provider, string model)
    {
        PriceBook.Shipped.TryFind(new(provider, model), out var price, out var explanation).ShouldBeTrue(explanation);
        return price!;
    }
}
