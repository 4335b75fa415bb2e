using PromptCache.Core.Blocks;
using PromptCache.Core.Store;

namespace PromptCache.Testing.Stores;

/// <summary>The prefix store as simply as it can be said: every hash with its own expiry, looked at one by one.</summary>
public sealed class PrefixModel(TimeProvider time)
{
    private readonly Dictionary<string, DateTimeOffset> _blocks = [];
    private readonly Dictionary<string, (DateTimeOffset Expiry, TimeSpan Ttl)> _anchors = [];

    public (int Blocks, int[] Anchors) Find(PrefixLookup lookup)
    {
        var now = time.GetUtcNow();
        var known = 0;
        while (known < lookup.Chain.Count && _blocks.TryGetValue(NameOf(lookup.Chain, known), out var expiry) && expiry > now)
        {
            Lengthen(lookup.Chain, known++, now + lookup.Ttl);
        }

        var anchors = new List<int>();
        foreach (var position in lookup.Anchors)
        {
            var name = NameOf(lookup.Chain, position - 1);
            if (_anchors.TryGetValue(name, out var anchor) && anchor.Expiry > now)
            {
                anchors.Add(position);
                _anchors[name] = (Later(anchor.Expiry, now + anchor.Ttl), anchor.Ttl);
            }
        }

        return (known, [.. anchors]);
    }

    public void Record(PrefixRecord record)
    {
        var now = time.GetUtcNow();
        for (var i = 0; i < record.Chain.Count; i++)
        {
            Lengthen(record.Chain, i, now + record.Ttl);
        }

        foreach (var write in record.Anchors)
        {
            var name = NameOf(record.Chain, write.Blocks - 1);
            var live = _anchors.TryGetValue(name, out var anchor) && anchor.Expiry > now;
            _anchors[name] = live
                ? (Later(anchor.Expiry, now + write.Ttl), anchor.Ttl > write.Ttl ? anchor.Ttl : write.Ttl)
                : (now + write.Ttl, write.Ttl);
        }
    }

    private void Lengthen(BlockChain chain, int block, DateTimeOffset expiry)
    {
        var name = NameOf(chain, block);
        _blocks[name] = _blocks.TryGetValue(name, out var known) ? Later(known, expiry) : expiry;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string NameOf(BlockChain chain, int block) => Convert.ToHexString(chain.HashOf(block));
}
