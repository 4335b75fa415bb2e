using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class PriceBookNameTests
{
    [Theory]
    [InlineData("openai", "gpt-4o", "openai/gpt-4o")]
    [InlineData("openai", "GPT-4o", "openai/gpt-4o")]
    [InlineData("openai", "gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06")]
    [InlineData("openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13")]
    [InlineData("openai", "gpt-4o-2031-01-01", "openai/gpt-4o")]
    [InlineData("openai", "gpt-4o-mini", "openai/gpt-4o-mini")]
    [InlineData("openai", "gpt-5.1", "openai/gpt-5.1")]
    [InlineData("openai", "openai/gpt-5", "openai/gpt-5")]
    [InlineData("openai", "ft:gpt-4o-2024-08-06:acme:support:abc123", "openai/ft:gpt-4o-2024-08-06")]
    [InlineData("openai", "gpt-5.1-chat", "openai/gpt-5.1-chat-latest")]
    [InlineData("claude", "claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929")]
    [InlineData("anthropic", "claude-sonnet-4-5-latest", "anthropic/claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-3-opus", "anthropic/claude-3-opus-20240229")]
    [InlineData("my-proxy", "claude-sonnet-4-5", "anthropic/claude-sonnet-4-5")]
    [InlineData("my-proxy", "anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5")]
    [InlineData("openrouter", "anthropic/claude-opus-4.5", "openrouter/anthropic/claude-opus-4.5")]
    [InlineData("openrouter", "anthropic/claude-opus-5.5", "anthropic/claude-opus-5-5")]
    [InlineData("infron", "google/gemini-2.5-flash", "gemini/gemini-2.5-flash")]
    [InlineData("vertex", "claude-opus-4-5@20251101", "vertex/claude-opus-4-5@20251101")]
    [InlineData("vertex", "claude-sonnet-5-5@20261007", "anthropic/claude-sonnet-5-5")]
    [InlineData("vertex", "publishers/google/models/gemini-2.5-pro", "vertex/gemini-2.5-pro")]
    [InlineData("gemini", "models/gemini-2.5-pro", "gemini/gemini-2.5-pro")]
    [InlineData("gemini", "gemini-2.5-flash-001", "gemini/gemini-2.5-flash")]
    [InlineData("azure", "eu/gpt-5.1", "azure/eu/gpt-5.1")]
    [InlineData("azure", "eu/gpt-4.1", "azure/gpt-4.1")]
    [InlineData("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("bedrock", "anthropic.claude-sonnet-5-5-v1:0", "anthropic/claude-sonnet-5-5")]
    [InlineData("fireworks", "accounts/fireworks/models/glm-5p2", "fireworks/glm-5p2")]
    [InlineData("Groq", "groq/openai/gpt-oss-20b", "groq/openai/gpt-oss-20b")]
    [InlineData("my-proxy", "groq/openai/gpt-oss-20b", "groq/openai/gpt-oss-20b")]
    [InlineData("dashscope", "qwen3-max", "qwen/qwen3-max")]
    [InlineData("electron", "electron", "smallest/electron")]
    public void TryFind_NameOfAModel_ResolvesToItsEntry(string provider, string model, string entry)
    {
        PriceBook.Shipped.TryFind(new(provider, model), out var price, out var explanation).ShouldBeTrue(explanation);

        $"{price!.Provider}/{price.Model}".ShouldBe(entry);
        explanation.ShouldStartWith(entry);
    }

    [Theory]
    [InlineData("openai", "gpt-4o-maxi")]
    [InlineData("openai", "gpt-5.99")]
    [InlineData("openai", "gpt-5-2")]
    [InlineData("openai", "gpt")]
    [InlineData("openai", "gpt-4o-2024")]
    [InlineData("openai", "")]
    [InlineData("anthropic", "claude")]
    [InlineData("anthropic", "claude-sonnet")]
    [InlineData("anthropic", "claude-opus-5-5-mini")]
    [InlineData("openai", "acme/gpt-4o")]
    [InlineData("groq", "gpt-4o")]
    [InlineData("vllm", "deepseek-chat")]
    [InlineData("vllm", "openai/gpt-4o")]
    [InlineData("fireworks", "deepseek-ai/deepseek-chat")]
    [InlineData("openrouter", "openrouter/auto")]
    [InlineData("openrouter", "deepseek/deepseek-chat:free")]
    public void TryFind_AnotherModelOrAnotherSeller_IsNotFound(string provider, string model)
    {
        PriceBook.Shipped.TryFind(new(provider, model), out var price, out var explanation).ShouldBeFalse($"{price?.Provider}/{price?.Model}");

        explanation.ShouldContain("no price is known");
    }

    [Fact]
    public void TryFind_EveryShippedEntry_IsFoundUnderItsOwnName()
    {
        foreach (var entry in PriceBook.Shipped.Entries)
        {
            PriceBook.Shipped.TryFind(new(entry.Provider, entry.Model), out var found, out var explanation).ShouldBeTrue(explanation);
            found.ShouldBeSameAs(entry);
        }
    }

    [Fact]
    public void TryFind_MoreNamesThanAreRemembered_StillAnswers()
    {
        var book = Books.Of("""{"provider":"acme","model":"m","input":1}""");
        for (var i = 0; i < 10_000; i++)
        {
            book.TryFind(new("acme", $"made-up-{i}"), out _, out _).ShouldBeFalse();
        }

        book.TryFind(new("acme", "m"), out _, out _).ShouldBeTrue();
        book.TryFind(new("acme", new string('x', 100_000)), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Cost_KnownModel_AllocatesOnlyItsResult()
    {
        var book = PriceBook.Shipped;
        var query = new PriceQuery("anthropic", "claude-sonnet-4-5@20250929");
        var usage = new Core.Usage.TokenUsage { PromptTokens = 1000, CacheRead = 500, CompletionTokens = 10 };
        var size = 0L;
        for (var i = 0; i < 200; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            book.Cost(query, usage);
            size = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        size.ShouldBeLessThan(256);
    }
}
