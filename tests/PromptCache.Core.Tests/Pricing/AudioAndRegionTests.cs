using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Pricing;

/// <summary>Prices that hold for a part of the tokens, or for a region: sound, and Anthropic's <c>inference_geo</c>.</summary>
public sealed class AudioAndRegionTests
{
    private const string Sound = """{"provider":"acme","model":"m","input":0.3,"output":2.5,"read":0.03,"inputAudio":1,"outputAudio":12,"cards":[{"tier":"batch","input":0.15,"output":1.25}]}""";

    // 200 x 0.3 + 300 x 1 + 400 x 0.03 + 100 x 0.1 + 20 x 2.5 + 30 x 12
    [Fact]
    public void Cost_SoundReadAndNot_HasItsOwnPrice()
    {
        var cost = Books.Of(Sound).Cost(new("acme", "m"), Usage(audio: 400, audioRead: 100, audioOut: 30));

        cost.Status.ShouldBe(CostStatus.Exact);
        cost.CacheReadCost.ShouldBe(0.000022m);
        cost.PromptCost.ShouldBe(0.000382m);
        cost.CompletionCost.ShouldBe(0.00041m);
        cost.TotalCost.ShouldBe(0.000792m);
        cost.CacheSavings.ShouldBe(((600 * 0.3m) + 400m - 382m) / 1_000_000m);
    }

    [Fact]
    public void Cost_SoundAtAnotherTier_ScalesWithIt()
        => Books.Of(Sound).Cost(new("acme", "m", "batch"), Usage(audio: 400, audioRead: 100, audioOut: 30)).TotalCost.ShouldBe(0.000396m);

    // How much of what was read is sound is not known: a sum would be a guess.
    [Theory]
    [InlineData(400L, 500L, CostStatus.Unpriced)]
    [InlineData(400L, 0L, CostStatus.Exact)]
    [InlineData(0L, 500L, CostStatus.Exact)]
    [InlineData(1000L, 500L, CostStatus.Exact)]
    public void Cost_ShareOfSoundAmongReadsNotReported_IsExactOnlyWhereItMustBe(long audio, long read, CostStatus status)
        => Books.Of(Sound).Cost(new("acme", "m"), Usage(audio) with { CacheRead = read }).Status.ShouldBe(status);

    [Fact]
    public void Cost_SoundWithoutAPriceOfItsOwn_CostsWhatTextCosts()
        => Books.Of("""{"provider":"acme","model":"m","input":0.3,"output":2.5,"read":0.03}""").Cost(new("acme", "m"), Usage(audio: 400, audioOut: 30)).TotalCost.ShouldBe(0.000425m);

    [Fact]
    public void Cost_MoreSoundThanTokens_BillsNoTokenTwice()
        => Books.Of(Sound).Cost(new("acme", "m"), Usage(audio: 5000, audioRead: 5000, audioOut: 5000)).TotalCost.ShouldBe(0.00115m);

    [Fact]
    public void Cost_ServedInARegionThatCostsMore_IsMultiplied()
    {
        var usage = new TokenUsage { PromptTokens = 1000, CacheRead = 100, CacheWrite = 100, CacheWrite1h = 100, CompletionTokens = 10, Source = CountSource.Provider };
        var query = new PriceQuery("anthropic", "claude-opus-4-6");
        var world = PriceBook.Shipped.Cost(query, usage);

        var us = PriceBook.Shipped.Cost(query with { Geo = "us" }, usage);

        us.Status.ShouldBe(CostStatus.Exact);
        us.TotalCost.ShouldBe(world.TotalCost * 1.1m);
        us.CacheReadCost.ShouldBe(world.CacheReadCost * 1.1m);
        us.CacheWrite1HourCost.ShouldBe(world.CacheWrite1HourCost * 1.1m);
        PriceBook.Shipped.Cost(query with { Geo = "global" }, usage).TotalCost.ShouldBe(world.TotalCost);
        PriceBook.Shipped.Cost(query with { Geo = "not_available" }, usage).TotalCost.ShouldBe(world.TotalCost);
        PriceBook.Shipped.Cost(new("openai", "gpt-4o", Geo: "us"), usage).TotalCost.ShouldBe(PriceBook.Shipped.Cost(new("openai", "gpt-4o"), usage).TotalCost);
    }

    [Theory]
    [InlineData("gemini", "gemini-2.5-flash", 1.0, null)]
    [InlineData("openai", "gpt-4o-audio-preview", 40.0, 80.0)]
    public void Shipped_ModelsWithSound_HaveItsPrice(string provider, string model, double input, double? output)
    {
        PriceBook.Shipped.TryFind(new(provider, model), out var price, out _).ShouldBeTrue();

        price!.Base.InputAudio.ShouldBe((decimal)input);
        price.Base.OutputAudio.ShouldBe((decimal?)output);
    }

    [Theory]
    [InlineData("moonshotai/Kimi-K2.6", 1.20, 0.20)]
    [InlineData("moonshotai/Kimi-K2.7-Code", 0.95, 0.19)]
    [InlineData("zai-org/GLM-5.2", 1.40, 0.26)]
    [InlineData("MiniMaxAI/MiniMax-M2.5", 0.30, 0.06)]
    [InlineData("nvidia/nemotron-3-ultra-550b-a55b", 0.60, 0.20)]
    [InlineData("deepseek-ai/DeepSeek-V4-Pro", 2.10, 0.20)]
    [InlineData("deepseek-ai/DeepSeek-V3.1", 0.60, null)]
    public void Shipped_Together_HasTheReadPricesThatAreListed(string model, double input, double? read)
    {
        PriceBook.Shipped.TryFind(new("together", model), out var price, out _).ShouldBeTrue();

        (price!.Base.Input, price.Base.CacheRead).ShouldBe(((decimal)input, (decimal?)read));
    }

    [Theory]
    [InlineData("\"inputAudio\":-1", "-1 is not a price")]
    [InlineData("\"geo\":{\"us\":0}", "geo: 0 is not a factor from 0.1 to 10")]
    [InlineData("\"geo\":{\"us\":11}", "geo: 11 is not a factor from 0.1 to 10")]
    public void Load_ImpossiblePrice_IsAnError(string member, string problem)
        => Books.Load($$"""{"provider":"acme","model":"m","input":1,{{member}}}""").Errors.ShouldHaveSingleItem().ToString().ShouldContain(problem);

    // A broken row is as dear as a broken base price.
    [Theory]
    [InlineData("""{"above":200000,"input":4,"output":8}""", """{"above":200000,"input":41,"output":8}""", "input went from 4 to 41 (standard, above 200000)")]
    [InlineData("""{"tier":"batch","input":1,"output":2}""", """{"tier":"batch","input":0.01,"output":2}""", "input went from 1 to 0.01 (batch)")]
    [InlineData("""{"tier":"priority","input":4,"output":8}""", """{"tier":"flex","input":0,"output":2}""", "input went from 2 to 0 (flex)")]
    [InlineData("""{"utc":["01:00-04:00"],"input":4,"output":8}""", """{"utc":["01:00-04:00"],"input":4,"output":81}""", "output went from 8 to 81 (standard, at certain hours)")]
    public void Refresh_TenfoldJumpInAnyRow_IsRefused(string before, string after, string problem)
    {
        var target = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        var refresh = PriceCommands.Refresh(Books.File(Entry(after)), target, Books.Of(Entry(before)), Books.Day);

        refresh.Book.ShouldBeNull();
        refresh.Problems.Select(p => p.ToString()).ShouldContain($"error: acme/m: {problem}");
        File.Exists(target).ShouldBeFalse();

        static string Entry(string card) => $$"""{"provider":"acme","model":"m","input":2,"output":4,"cards":[{{card}}]}""";
    }

    private static TokenUsage Usage(long audio, long? audioRead = null, long audioOut = 0) => new()
    {
        PromptTokens = 1000,
        CacheRead = audioRead is null ? 0 : 500,
        CompletionTokens = 50,
        AudioTokens = audio,
        AudioCacheRead = audioRead,
        AudioCompletionTokens = audioOut,
        Source = CountSource.Provider,
    };
}
