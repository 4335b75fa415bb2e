using System.Text;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Usage;

public sealed class ChatUsageReaderTests
{
    private static readonly UsageDialect Xai = new(ReasoningBeside: true);

    // One line per row of the extractor table: prompt, read, write, write for an hour, output; -1: not known.
    [Theory]
    [InlineData("openai", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":1024,"cache_write_tokens":512}}""", 1550, 1024, 512, -1, 200)]
    [InlineData("openai miss", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":0}}""", 1550, 0, -1, -1, 200)]
    [InlineData("openai reasoning", """{"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":40}}""", 10, -1, -1, -1, 50)]
    [InlineData("openai responses", """{"input_tokens":100,"output_tokens":7,"input_tokens_details":{"cached_tokens":64,"cache_write_tokens":0}}""", 100, 64, 0, -1, 7)]
    [InlineData("anthropic names", """{"input_tokens":10,"output_tokens":7,"cache_read_input_tokens":100,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10}}""", 140, 100, 20, 10, 7)]
    [InlineData("deepseek", """{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", 100, 64, -1, -1, 7)]
    [InlineData("deepseek, both names", """{"prompt_tokens":100,"completion_tokens":7,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,"prompt_tokens_details":{"cached_tokens":64}}""", 100, 64, -1, -1, 7)]
    [InlineData("deepseek, details only", """{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":64}}""", 100, 64, -1, -1, 7)]
    [InlineData("deepseek, no prompt", """{"completion_tokens":7,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", 100, 64, -1, -1, 7)]
    [InlineData("qwen sum and split", """{"prompt_tokens":29725,"completion_tokens":5,"prompt_tokens_details":{"text_tokens":29719,"cached_tokens":0,"cache_creation_input_tokens":29713,"cache_type":"ephemeral","cache_creation":{"ephemeral_5m_input_tokens":29713}}}""", 29725, 0, 29713, -1, 5)]
    [InlineData("qwen split", """{"prompt_tokens":300,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":256}}}""", 300, 0, 256, -1, 5)]
    [InlineData("qwen nested sum", """{"prompt_tokens":300,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":0,"cache_creation":{"cache_creation_input_tokens":256}}}""", 300, 0, 256, -1, 5)]
    [InlineData("moonshot", """{"prompt_tokens":300,"completion_tokens":5,"cached_tokens":256}""", 300, 256, -1, -1, 5)]
    [InlineData("moonshot, top level first", """{"prompt_tokens":300,"completion_tokens":5,"cached_tokens":256,"prompt_tokens_details":{"cached_tokens":10}}""", 300, 256, -1, -1, 5)]
    [InlineData("moonshot, details", """{"prompt_tokens":300,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":256}}""", 300, 256, -1, -1, 5)]
    [InlineData("openrouter", """{"prompt_tokens":194,"completion_tokens":2,"total_tokens":196,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":100,"audio_tokens":0},"cost":0.95,"cost_details":{"upstream_inference_cost":null}}""", 194, 0, 100, -1, 2)]
    [InlineData("litellm mirrors", """{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"cache_read_input_tokens":600,"cache_creation_input_tokens":300,"prompt_tokens_details":{"cached_tokens":600,"cache_creation_tokens":300}}""", 1000, 600, 300, -1, 5)]
    [InlineData("litellm split", """{"prompt_tokens":1000,"completion_tokens":5,"cache_creation_input_tokens":300,"prompt_tokens_details":{"cached_tokens":600,"cache_creation_tokens":300,"cache_creation_token_details":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200}}}""", 1000, 600, 100, 200, 5)]
    [InlineData("sum and hour", """{"prompt_tokens":1000,"completion_tokens":5,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_1h_input_tokens":200}}""", 1000, -1, 100, 200, 5)]
    [InlineData("infron", """{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":0,"audio_tokens":0,"video_tokens":0}}""", 1000, 600, 0, -1, 5)]
    [InlineData("infron, flat", """{"prompt_tokens":1000,"completion_tokens":5,"prompt_tokens_cache_read":600,"prompt_tokens_cache_write":100}""", 1000, 600, 100, -1, 5)]
    [InlineData("vllm miss", """{"prompt_tokens":20,"total_tokens":25,"completion_tokens":5,"prompt_tokens_details":null}""", 20, -1, -1, -1, 5)]
    [InlineData("sglang", """{"prompt_tokens":20,"total_tokens":25,"completion_tokens":5,"prompt_tokens_details":null,"reasoning_tokens":0}""", 20, -1, -1, -1, 5)]
    [InlineData("output from total", """{"prompt_tokens":20,"total_tokens":25}""", 20, -1, -1, -1, 5)]
    [InlineData("prompt from total", """{"completion_tokens":5,"total_tokens":25}""", 20, -1, -1, -1, 5)]
    [InlineData("integral float", """{"prompt_tokens":20.0,"completion_tokens":5e0}""", 20, -1, -1, -1, 5)]
    [InlineData("empty", "{}", -1, -1, -1, -1, -1)]
    public void Read_EachShape_DisjointBuckets(string shape, string usage, long prompt, long read, long write, long hour, long output)
    {
        var counts = Read(usage);
        counts.PromptTokens.ShouldBe(Known(prompt), shape);
        counts.CacheRead.ShouldBe(Known(read), shape);
        counts.CacheWrite.ShouldBe(Known(write), shape);
        counts.CacheWrite1h.ShouldBe(Known(hour), shape);
        counts.CompletionTokens.ShouldBe(Known(output), shape);
        counts.Inconsistent.ShouldBeFalse(shape);
        counts.Source.ShouldBe(CountSource.Provider);
    }

    [Theory]
    [InlineData(32, 9, 94, 135, 103)]    // beside, as documented
    [InlineData(32, 103, 94, 135, 103)]  // an aggregator has added it already
    [InlineData(32, 9, 94, null, 103)]
    [InlineData(32, 103, 94, null, 197)] // nothing but the dialect to go by
    [InlineData(32, 9, 94, 41, 103)]     // a total without it: more reasoning than output cannot be inside
    [InlineData(32, 9, 0, 41, 9)]
    public void Read_Xai_ReasoningOnce(long prompt, long completion, long reasoning, int? total, long output)
    {
        var counts = Read($$"""{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}}{{(total is null ? "" : $",\"total_tokens\":{total}")}},"completion_tokens_details":{"reasoning_tokens":{{reasoning}} } }""", Xai);
        counts.CompletionTokens.ShouldBe(output);
        counts.ReasoningTokens.ShouldBe(reasoning);
        counts.Inconsistent.ShouldBeFalse();
    }

    [Theory]
    [InlineData(32, 9, 94, 135, 103, false)]  // the total shows that it stands beside
    [InlineData(32, 103, 94, 135, 103, false)]
    [InlineData(32, 9, 94, 41, 9, true)]
    [InlineData(32, 9, 94, null, 103, false)]
    public void Read_UnnamedDialect_TheTotalIsTheWitness(long prompt, long completion, long reasoning, int? total, long output, bool inconsistent)
    {
        var counts = Read($$"""{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}}{{(total is null ? "" : $",\"total_tokens\":{total}")}},"completion_tokens_details":{"reasoning_tokens":{{reasoning}} } }""");
        counts.CompletionTokens.ShouldBe(output);
        counts.Inconsistent.ShouldBe(inconsistent);
    }

    [Fact]
    public void Read_GeminiTotal_CountsAsOutputOnlyWhereTheDialectSaysSo()
    {
        const string Usage = """{"prompt_tokens":10,"completion_tokens":20,"total_tokens":100}""";
        Read(Usage).CompletionTokens.ShouldBe(20);
        var counts = Read(Usage, new UsageDialect(ReasoningInTotal: true));
        counts.CompletionTokens.ShouldBe(90);
        counts.ReasoningTokens.ShouldBe(70);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":1,"cost":0.95}""", null, "0.95")]
    [InlineData("""{"prompt_tokens":1,"cost":9.5e-05}""", null, "0.000095")]
    [InlineData("""{"prompt_tokens":1,"cost":0}""", null, "0")]
    [InlineData("""{"prompt_tokens":1,"cost":null}""", null, null)]
    [InlineData("""{"prompt_tokens":1,"cost_in_usd_ticks":37756000}""", null, "0.0037756")]
    [InlineData("""{"prompt_tokens":1}""", "0.25", "0.25")]
    [InlineData("""{"prompt_tokens":1}""", null, null)]
    public void Read_ReportedCost_InUsd(string usage, string? beside, string? expected)
    {
        var counts = ChatUsageReader.Read(Encoding.UTF8.GetBytes(usage), UsageDialect.OpenAI, Encoding.UTF8.GetBytes(beside ?? ""));
        counts!.ReportedCost.ShouldBe(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":150}}""", 100, 100, -1, -1)]
    [InlineData("""{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":80,"cache_write_tokens":80}}""", 100, 80, 20, -1)]
    [InlineData("""{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":40},"cache_creation":{"ephemeral_5m_input_tokens":50,"ephemeral_1h_input_tokens":50}}""", 100, 40, 10, 50)]
    [InlineData("""{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":-5}}""", 100, 0, -1, -1)]
    [InlineData("""{"prompt_tokens":-1}""", 0, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":100.5}""", 100, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":"100"}""", -1, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":true}""", -1, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":[]}""", -1, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":99999999999999999999999}""", 1_000_000_000_000, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":9223372036854775807}""", 1_000_000_000_000, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":1e999}""", 1_000_000_000_000, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":-1e999}""", 0, -1, -1, -1)]
    [InlineData("""{"prompt_tokens":100,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":50,"ephemeral_1h_input_tokens":50}}""", 100, -1, 50, 50)]
    public void Read_Contradiction_ClampedAndMarked(string usage, long prompt, long read, long write, long hour)
    {
        var counts = Read(usage);
        counts.PromptTokens.ShouldBe(Known(prompt));
        counts.CacheRead.ShouldBe(Known(read));
        counts.CacheWrite.ShouldBe(Known(write));
        counts.CacheWrite1h.ShouldBe(Known(hour));
        counts.Inconsistent.ShouldBeTrue();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    public void Read_NoObject_Null(string usage)
        => ChatUsageReader.Read(Encoding.UTF8.GetBytes(usage), UsageDialect.OpenAI).ShouldBeNull();

    [Fact]
    public void Read_RandomNumbersUnderKnownNames_BucketsAlwaysFit()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        string[] values = ["0", "1", "7", "100", "-3", "1.5", "null", "\"x\"", "1e30", "{}", "[]", "true", "9223372036854775808"];
        string Value() => values[random.Next(values.Length)];
        for (var i = 0; i < 5000; i++)
        {
            var usage = $$"""
                {"prompt_tokens":{{Value()}},"completion_tokens":{{Value()}},"total_tokens":{{Value()}},"prompt_cache_hit_tokens":{{Value()}},"cached_tokens":{{Value()}},
                "cache_creation_input_tokens":{{Value()}},"cache_creation":{"ephemeral_5m_input_tokens":{{Value()}},"ephemeral_1h_input_tokens":{{Value()}}},
                "prompt_tokens_details":{"cached_tokens":{{Value()}},"cache_write_tokens":{{Value()}}},"completion_tokens_details":{"reasoning_tokens":{{Value()}}},"cost":{{Value()}}}
                """;
            var counts = Read(usage, i % 2 == 0 ? UsageDialect.OpenAI : Xai);
            var because = $"seed {Seed}, round {i}: {usage}";
            (counts.CacheRead ?? 0).ShouldBeGreaterThanOrEqualTo(0, because);
            (counts.CompletionTokens ?? 0).ShouldBeGreaterThanOrEqualTo(0, because);
            if (counts.PromptTokens is not null)
            {
                counts.Uncached!.Value.ShouldBeGreaterThanOrEqualTo(0, because);
            }
        }
    }

    [Theory]
    [InlineData(null, "1200", "1024", 1200L, 1024L, false)]
    [InlineData("""{"prompt_tokens":1200,"completion_tokens":1}""", "1200", "1024", 1200L, 1024L, false)]
    [InlineData("""{"prompt_tokens":1200,"prompt_tokens_details":{"cached_tokens":0}}""", "1200", "1024", 1200L, 0L, false)]
    [InlineData(null, "100", "1024", 100L, 100L, true)]
    [InlineData("""{"prompt_tokens":5}""", "x", "-1", 5L, null, false)]
    public void FireworksHeaders_Fill_OnlyWhatIsMissing(string? usage, string? prompt, string? cached, long? expectedPrompt, long? expectedRead, bool inconsistent)
    {
        var filled = FireworksHeaders.Fill(usage is null ? null : Read(usage), prompt, cached)!;
        filled.PromptTokens.ShouldBe(expectedPrompt);
        filled.CacheRead.ShouldBe(expectedRead);
        filled.Inconsistent.ShouldBe(inconsistent);
    }

    [Fact]
    public void FireworksHeaders_NeitherKnows_Null() => FireworksHeaders.Fill(null, null, "").ShouldBeNull();

    private static TokenUsage Read(string usage, UsageDialect? dialect = null)
        => ChatUsageReader.Read(Encoding.UTF8.GetBytes(usage), dialect ?? UsageDialect.OpenAI).ShouldNotBeNull();

    private static long? Known(long value) => value < 0 ? null : value;
}
