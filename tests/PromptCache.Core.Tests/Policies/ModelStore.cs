using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Store;

namespace PromptCache.Core.Tests.Policies;

/// <summary>What a prefix store promises, in two dictionaries and a clock that a test moves.</summary>
internal sealed class ModelStore
{
    private readonly Dictionary<string, DateTimeOffset> _blocks = [];
    private readonly Dictionary<string, (DateTimeOffset Until, TimeSpan Ttl)> _anchors = [];

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public PrefixMatch Find(CachePlan plan)
    {
        var known = 0;
        while (known < plan.Chain.Count && _blocks.TryGetValue(Key(plan.Chain, known + 1), out var until) && until > Now)
        {
            known++;
        }

        for (var i = 1; i <= known; i++)
        {
            Keep(plan.Chain, i, plan.Policy.Ttl);
        }

        var found = ImmutableArray.CreateBuilder<int>();
        foreach (var anchor in plan.Anchors)
        {
            var key = Key(plan.Chain, anchor);
            if (_anchors.TryGetValue(key, out var entry) && entry.Until > Now)
            {
                _anchors[key] = (Now + entry.Ttl, entry.Ttl);
                found.Add(anchor);
            }
        }

        return new PrefixMatch(StoreOutcome.Answered, known, found.ToImmutable(), []);
    }

    public void Record(CacheDecision decision)
    {
        for (var i = 1; i <= decision.Plan.Chain.Count; i++)
        {
            Keep(decision.Plan.Chain, i, decision.Plan.Policy.Ttl);
        }

        foreach (var write in decision.Writes)
        {
            _anchors[Key(decision.Plan.Chain, write.Blocks)] = (Now + write.Ttl, write.Ttl);
        }
    }

    private static string Key(BlockChain chain, int blocks) => Convert.ToHexString(chain.HashOf(blocks - 1));

    private void Keep(BlockChain chain, int blocks, TimeSpan ttl)
    {
        var key = Key(chain, blocks);
        var until = Now + ttl;
        _blocks[key] = _blocks.TryGetValue(key, out var old) && old > until ? old : until;
    }
}
