using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;
using PromptCache.Tokenizers;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests;

/// <summary>The simulator's cache and the product's share no code: over random conversations both must count, read and write the same.</summary>
public sealed class AgreementTests
{
    private static readonly TokenizerCatalog Catalog = new();

    [Theory]
    [InlineData("electron")]
    [InlineData("openai")]
    [InlineData("openai-5.6")]
    [InlineData("mistral")]
    [InlineData("moonshot")]
    [InlineData("qwen")]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("groq")]
    [InlineData("deepseek")]
    public async Task Chat_RandomConversations_CountedAndCachedAlike(string name)
    {
        const int Seed = 20_261_121;
        var random = new Random(Seed);
        await using var simulator = await StartAsync(new() { Policy = name, Usage = "openrouter", Tokenizers = Catalog, CompletionTokens = 1, Strict = false });
        var store = new InProcessPrefixStore(simulator.Clock);
        var builder = new ChainBuilder(new byte[32], memoBytes: 1 << 20);
        CachePolicyCatalog.Shipped.TryGet(name, out var policy).ShouldBeTrue();

        var conversation = new JsonArray();
        for (var turn = 0; turn < 60; turn++)
        {
            var body = RandomConversations.Next(random, ref conversation, markers: name == "qwen" && random.Next(2) == 0);
            if (name == "openai" && random.Next(2) == 0)
            {
                body["prompt_cache_retention"] = "24h";
            }

            simulator.Clock.Advance(TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(400) : 1));

            var usage = (await simulator.ChatAsync(body)).At("usage");
            var (prompt, read, written) = await PredictAsync(body, policy!, builder, store);
            (usage.Int("prompt_tokens"), usage.Int("prompt_tokens_details", "cached_tokens"), usage.Int("prompt_tokens_details", "cache_write_tokens"))
                .ShouldBe((prompt, read, written), $"seed {Seed}, turn {turn}: {body.ToJsonString()}");
        }
    }

    private static async Task<(int Prompt, int Read, int Written)> PredictAsync(JsonNode body, CachePolicy policy, ChainBuilder builder, InProcessPrefixStore store)
    {
        PromptRequestReader.TryRead(Encoding.UTF8.GetBytes(body.ToJsonString()), out var request, out var error).ShouldBeTrue(error?.ToString());
        Segmenter.TryCut(request!, out var segments, out error).ShouldBeTrue(error?.ToString());
        using (segments)
        {
            var cache = CachePlanner.ChainRules(policy, request!.Model, segments!).Cache;
            var chain = builder.Build(new("tenant", "sim", request.Model, "o200k_base", cache), segments!, Catalog.ForModel(request.Model));
            var plan = CachePlanner.Plan(policy, request.Model, segments!, chain);
            var match = plan.Bypass ? PrefixMatch.None : await store.FindAsync(new(chain, plan.Policy.Ttl, plan.Anchors), default);
            var decision = CachePlanner.Decide(plan, match);
            if (!plan.Bypass)
            {
                await store.RecordAsync(new(chain, plan.Policy.Ttl, decision.Writes, Destination: 0), default);
            }

            var counts = decision.Settle(promptTokens: null);
            return (decision.Total, (int)counts.Read, (int)(counts.Write + counts.Write1h));
        }
    }
}
