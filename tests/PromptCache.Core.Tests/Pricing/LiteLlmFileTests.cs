using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class LiteLlmFileTests
{
    [Fact]
    public void Load_LiteLlmModel_BecomesUsdPerMillionWithAllItsRows()
    {
        var book = Load("""
            {"big": {"mode": "chat", "litellm_provider": "openai",
              "input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05, "cache_read_input_token_cost": 5e-07,
              "cache_creation_input_token_cost": 6.25e-06, "cache_creation_input_token_cost_above_1hr": 1e-05,
              "input_cost_per_token_above_272k_tokens": 1e-05, "cache_read_input_token_cost_above_272k_tokens": 1e-06,
              "cache_creation_input_token_cost_above_1hr_above_272k_tokens": 2.1e-05,
              "input_cost_per_token_flex": 2.5e-06, "cache_read_input_token_cost_flex": 2.4e-07,
              "input_cost_per_token_above_272k_tokens_priority": 2e-05,
              "input_cost_per_token_batches": 2.5e-06, "output_cost_per_token_batches": 1.5e-05,
              "output_cost_per_reasoning_token": 9e-05, "input_cost_per_token_cache_hit": 1e-07 }}
            """);

        book.TryFind(new("openai", "big"), out var price, out _).ShouldBeTrue();
        price!.Base.ShouldBe(new() { Input = 5, Output = 30, CacheRead = 0.5m, CacheWrite = 6.25m, CacheWrite1h = 10 });
        price.Select(null, 272_000).Rates.Input.ShouldBe(5m);
        price.Select(null, 272_001).Rates.ShouldBe(new() { Input = 10, Output = 30, CacheRead = 1, CacheWrite = 12.5m, CacheWrite1h = 21 });
        price.Select("flex", 10).Rates.CacheRead.ShouldBe(0.24m);
        price.Select("batch", 10).Rates.ShouldBe(new() { Input = 2.5m, Output = 15, CacheRead = 0.25m, CacheWrite = 3.125m, CacheWrite1h = 5 });
        price.Select("priority", 300_000).Rates.Input.ShouldBe(20m);
    }

    [Fact]
    public void Load_LiteLlmTieredPricing_BecomesCards()
    {
        var book = Load("""
            {"dashscope/q": {"mode": "chat", "litellm_provider": "dashscope", "tiered_pricing": [
              {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06, "cache_read_input_token_cost": 2e-07},
              {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-06, "output_cost_per_token": 9e-06}]}}
            """);

        book.TryFind(new("qwen", "q"), out var price, out _).ShouldBeTrue();
        price!.Select(null, 32_001).Rates.ShouldBe(new() { Input = 2, Output = 9, CacheRead = 0.4m });
    }

    [Fact]
    public void Load_LiteLlmXai_HasInclusiveThresholds()
    {
        var book = Load("""{"xai/g": {"mode": "chat", "litellm_provider": "xai", "input_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06}}""");

        book.Entries.ShouldHaveSingleItem().Select(null, 200_000).Rates.Input.ShouldBe(2m);
    }

    [Fact]
    public void Load_LiteLlmFloatsInFull_ComeBackToTheirPrice()
        => Load("""{"m": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 2.9999999999999997e-07, "output_cost_per_token": 0.00000028000000000000003}}""")
            .Entries.ShouldHaveSingleItem().Base.ShouldBe(new() { Input = 0.3m, Output = 0.28m });

    [Fact]
    public void Load_LiteLlmImpossiblePrices_AreLeftOutWithAWarning()
    {
        var load = PriceBook.Load(
            Books.Text("""
            {"m": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e-06, "cache_read_input_token_cost": 2e-06,
              "cache_creation_input_token_cost": 5e-07, "cache_creation_input_token_cost_above_1hr": 1e-07},
             "n": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e-06, "cache_read_input_token_cost": 0, "cache_creation_input_token_cost": 0.0}}
            """),
            Books.Day);

        load.Book.ShouldNotBeNull().Entries.ShouldAllBe(e => e.Base == new TokenRates { Input = 1 });
        load.Problems.Select(p => (p.Where, p.IsError)).ShouldBe([("openai/m", false), ("openai/m", false), ("openai/m", false), ("openai/n", false)]);
    }

    [Theory]
    [InlineData("""{"m": {"mode": "embedding", "litellm_provider": "openai", "input_cost_per_token": 1e-06}}""")]
    [InlineData("""{"m": {"mode": "chat", "input_cost_per_token": 1e-06}}""")]
    [InlineData("""{"m": {"mode": "chat", "litellm_provider": "openai"}}""")]
    [InlineData("""{"m": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": "1e-06"}}""")]
    [InlineData("""{"m": {"mode": 1, "litellm_provider": 2, "tiered_pricing": 3}}""")]
    [InlineData("""{"m": {"mode": "chat", "litellm_provider": "openai", "tiered_pricing": [1, {}, {"range": []}, {"range": [-1]}, {"range": [1e300], "input_cost_per_token": 1}]}}""")]
    [InlineData("""{"m": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e300}}""")]
    [InlineData("""{"m": []}""")]
    [InlineData("""{"a":""")]
    public void Load_LiteLlmWithoutAUsablePrice_IsRefused(string text) => PriceBook.Load(Books.Text(text), Books.Day).Book.ShouldBeNull();

    [Theory]
    [InlineData("fireworks_ai", "fireworks_ai/accounts/fireworks/models/glm-5p1", "fireworks", "glm-5p1")]
    [InlineData("vertex_ai-anthropic_models", "vertex_ai/claude-opus-5@default", "vertex", "claude-opus-5@default")]
    [InlineData("vertex_ai-language-models", "gemini-2.5-pro", "vertex", "gemini-2.5-pro")]
    [InlineData("bedrock_converse", "us.anthropic.claude-opus-5", "bedrock", "us.anthropic.claude-opus-5")]
    [InlineData("openrouter", "openrouter/anthropic/claude-opus-4.5", "openrouter", "anthropic/claude-opus-4.5")]
    [InlineData("azure", "azure/eu/gpt-5.1", "azure", "eu/gpt-5.1")]
    [InlineData("azure_ai", "azure_ai/claude-opus-5", "azure_ai", "claude-opus-5")]
    [InlineData("dashscope", "dashscope/qwen3-max", "qwen", "qwen3-max")]
    [InlineData("novita", "novita/a/b", "novita", "a/b")]
    public void Ours_LiteLlmKey_IsTheBooksName(string provider, string key, string ours, string model)
        => LiteLlmNames.Ours(provider, key).ShouldBe((ours, model));

    private static PriceBook Load(string text) => PriceBook.Load(Books.Text(text), Books.Day).Book.ShouldNotBeNull();
}
