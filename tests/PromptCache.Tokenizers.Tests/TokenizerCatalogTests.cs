using System.Text;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers.Tests.Golden;

namespace PromptCache.Tokenizers.Tests;

public sealed class TokenizerCatalogTests
{
    private readonly TokenizerCatalog _catalog = new();

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-4o-mini-2024-07-18")]
    [InlineData("openai/gpt-4o")]
    [InlineData("openai/gpt-4o:extended")]
    [InlineData("chatgpt-4o-latest")]
    [InlineData("gpt-4.1")]
    [InlineData("gpt-4.1-nano-2025-04-14")]
    [InlineData("gpt-4.5-preview")]
    [InlineData("gpt-5")]
    [InlineData("gpt-5-mini")]
    [InlineData("gpt-5.6-luna")]
    [InlineData("gpt-6")]
    [InlineData("gpt-6.1-mini")]
    [InlineData("o1")]
    [InlineData("o1-preview")]
    [InlineData("o3")]
    [InlineData("o3-mini-2025-01-31")]
    [InlineData("o4-mini")]
    [InlineData("codex-mini-latest")]
    [InlineData("gpt-oss-120b")]
    [InlineData("gpt-oss:20b")]
    [InlineData("accounts/fireworks/models/gpt-oss-20b")]
    [InlineData("ft:gpt-4o-mini-2024-07-18:acme:name/with-slash:7p4lURel")]
    [InlineData("openai/ft:gpt-4.1:acme::abc")]
    [InlineData("GPT-4o")]
    public void ForModel_NewerOpenAiModel_ExactO200k(string model) => Check(model, "o200k_base", ChatFormat.O200k);

    [Theory]
    [InlineData("gpt-4")]
    [InlineData("gpt-4-0613")]
    [InlineData("gpt-4-turbo-2024-04-09")]
    [InlineData("gpt-4-32k")]
    [InlineData("gpt-3.5-turbo")]
    [InlineData("gpt-3.5-turbo-0125")]
    [InlineData("gpt-35-turbo")]
    [InlineData("azure/gpt-35-turbo-16k")]
    [InlineData("text-embedding-3-small")]
    [InlineData("text-embedding-ada-002")]
    [InlineData("ft:gpt-3.5-turbo-0613:acme::8abc")]
    [InlineData("davinci-002")]
    public void ForModel_OlderOpenAiModel_ExactCl100k(string model) => Check(model, "cl100k_base", ChatFormat.Cl100k);

    [Theory]
    [InlineData("electron")]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("gemini-2.5-pro")]
    [InlineData("deepseek-chat")]
    [InlineData("gpt-40")]
    [InlineData("gpt-4omni")]
    [InlineData("gpt-4.9-next")]
    [InlineData("o100")]
    [InlineData("my-gpt-4o")]
    [InlineData("ft:")]
    [InlineData("/")]
    [InlineData("")]
    public void ForModel_NoPublishedVocabulary_EstimateWithO200k(string model)
    {
        var found = _catalog.ForModel(model);

        found.Exact.ShouldBeFalse();
        found.Tokenizer.Name.ShouldBe("o200k_base");
        found.Format.ShouldBe(ChatFormat.O200k);
    }

    [Fact]
    public void TryGetEncoding_EveryListedName_ATokenizerOfThatName()
    {
        _catalog.Encodings.ShouldBe(["o200k_base", "cl100k_base"]);
        foreach (var name in _catalog.Encodings)
        {
            _catalog.TryGetEncoding(name, out var tokenizer).ShouldBeTrue();
            tokenizer!.Name.ShouldBe(name);
        }

        _catalog.TryGetEncoding("p50k_base", out _).ShouldBeFalse();
    }

    [Fact]
    public void ForModel_SecondCatalog_SharesTheVocabulary()
        => new TokenizerCatalog().ForModel("gpt-4o").Tokenizer.ShouldBeSameAs(_catalog.ForModel("o3").Tokenizer);

    [Fact]
    public void Encode_ManyThreadsAtOnce_SameTokensAsTiktoken()
    {
        var vectors = GoldenFile.Vectors.Where(v => v.Text.Length is > 0 and < 6000).ToList();
        var wrong = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            // Each worker begins elsewhere, so that different pieces meet in the shared parts.
            for (var i = 0; i < vectors.Count; i++)
            {
                var vector = vectors[(i + (worker * 509)) % vectors.Count];
                var encoding = worker % 2 == 0 ? "o200k_base" : "cl100k_base";
                if (!TestEncodings.Get(encoding).Encode(vector.Text).AsSpan().SequenceEqual(vector.For(encoding)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        wrong.ShouldBe(0);
    }

    [Theory]
    [InlineData("<|endoftext|>")]
    [InlineData("<|endofprompt|>")]
    [InlineData("<|im_start|>")]
    public void Encode_SpecialTokenText_IsText(string text)
    {
        foreach (var name in _catalog.Encodings)
        {
            var ids = TestEncodings.Get(name).Encode(Encoding.UTF8.GetBytes(text));

            ids.Length.ShouldBeGreaterThan(3);
            ids.ShouldAllBe(id => id < 199_998);
        }
    }

    private void Check(string model, string encoding, ChatFormat format)
    {
        var found = _catalog.ForModel(model);

        found.Exact.ShouldBeTrue();
        found.Tokenizer.Name.ShouldBe(encoding);
        found.Format.ShouldBe(format);
    }
}
