using PromptCache.Core.Policies;
using PromptCache.Core.Tests.Blocks;

namespace PromptCache.Core.Tests.Policies;

public sealed class PolicyPropertyTests
{
    private const int Seed = 20261122;

    [Theory]
    [InlineData("anthropic", 4, 20, 4, ExcessRule.Reject, false)]
    [InlineData("qwen", 4, 20, 4, ExcessRule.KeepLast, false)]
    [InlineData("gemini", 4, 1, 0, ExcessRule.OnlyLast, false)]
    [InlineData("anthropic", 300, 3, 4, ExcessRule.KeepLast, false)]
    [InlineData("openai-5.6", 100, 0, 4, ExcessRule.KeepLast, true)]
    public void Decide_RandomConversations_AgreesWithThePlainCache(string name, int minimum, int lookback, int marks, ExcessRule excess, bool automatic)
    {
        var policy = PolicyBench.Shipped(name) with { Models = [], MinTokens = minimum, ExplicitMinTokens = null, LookbackBlocks = lookback, OnExcess = excess, Ttl = TimeSpan.FromMinutes(5) };
        var random = new Random(Seed);
        var compared = 0;
        var hits = 0;
        for (var round = 0; round < 40; round++)
        {
            var bench = new PolicyBench(policy);
            var plain = new PlainCache(minimum, 1, lookback, marks, excess, automatic);
            var conversation = new List<string>();
            for (var turn = 0; turn < 30; turn++)
            {
                Change(random, conversation);
                var segments = conversation.Select(text => (text, (TimeSpan?)null)).ToList();
                for (var i = random.Next(6); i > 0; i--)
                {
                    var at = random.Next(segments.Count);
                    segments[at] = (segments[at].text, PlainCache.Pick(policy.TtlExtended is null ? 1 : random.Next(2)));
                }

                var draft = new PromptDraft();
                foreach (var (text, ttl) in segments)
                {
                    draft.User(text, new(ttl is not null, ttl));
                }

                var minutes = random.Next(10) == 0 ? random.Next(70) : random.Next(4);
                bench.Wait(TimeSpan.FromMinutes(minutes));
                plain.Now += minutes;
                if (bench.Validate(draft) is not null || (!automatic && segments.TrueForAll(s => s.Item2 is null)))
                {
                    continue;
                }

                var decision = bench.Turn(draft);
                var counts = decision.Settle(null);
                compared++;
                hits += counts.Read > 0 ? 1 : 0;

                counts.ShouldBe(plain.Explicit(segments), $"seed {Seed}, round {round}, turn {turn}");
                (counts.Read + counts.Write + counts.Write1h).ShouldBeLessThanOrEqualTo(decision.Total);
            }
        }

        compared.ShouldBeGreaterThan(200);
        hits.ShouldBeGreaterThan(compared / 20);
    }

    [Theory]
    [InlineData("electron")]
    [InlineData("openai")]
    [InlineData("deepseek")]
    [InlineData("mistral")]
    public void Decide_RandomConversationsWithoutMarkers_AgreesWithThePlainCache(string name)
    {
        var policy = PolicyBench.Shipped(name) with { Models = [], Ttl = TimeSpan.FromMinutes(5) };
        var random = new Random(Seed);
        for (var round = 0; round < 20; round++)
        {
            var bench = new PolicyBench(policy);
            var plain = new PlainCache(policy.MinTokens, policy.StepTokens, 0, 0, ExcessRule.Reject, automatic: false);
            var conversation = new List<string>();
            for (var turn = 0; turn < 30; turn++)
            {
                Change(random, conversation);
                var minutes = random.Next(8);
                bench.Wait(TimeSpan.FromMinutes(minutes));
                plain.Now += minutes;
                var draft = new PromptDraft();
                conversation.ForEach(text => draft.User(text));

                bench.Turn(draft).Settle(null).ShouldBe(plain.Implicit([.. conversation.Select(t => (t, (TimeSpan?)null))]), $"seed {Seed}, round {round}, turn {turn}");
            }
        }
    }

    /// <summary>Mostly the conversation grows; sometimes it is cut, edited or begun anew.</summary>
    private static void Change(Random random, List<string> conversation)
    {
        switch (random.Next(12))
        {
            case 0:
                conversation.Clear();
                break;
            case 1 when conversation.Count > 1:
                conversation.RemoveRange(conversation.Count / 2, conversation.Count - (conversation.Count / 2));
                break;
            case 2 when conversation.Count > 0:
                conversation[random.Next(conversation.Count)] += " edited";
                break;
            case 3 when conversation.Count > 0:
                return;
            default:
                break;
        }

        for (var i = conversation.Count == 0 ? 3 : random.Next(1, 4); i > 0; i--)
        {
            conversation.Add(PromptDraft.Words(random.Next(8) == 0 ? random.Next(1, 400) : random.Next(1, 30), $"w{random.Next(2)}"));
        }
    }
}
