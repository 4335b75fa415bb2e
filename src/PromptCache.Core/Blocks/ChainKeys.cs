using System.Collections.Concurrent;

namespace PromptCache.Core.Blocks;

/// <summary>The keyed hashes that every prompt of one identity begins with. Two HMACs cost as much as a whole warm turn of 4 kB, so they are kept; bounded.</summary>
internal sealed class ChainKeys(ReadOnlyMemory<byte> secret)
{
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<ChainIdentity, (byte[] Root, byte[] MemoScope)> _kept = new();

    public (byte[] Root, byte[] MemoScope) Of(in ChainIdentity identity)
    {
        if (_kept.TryGetValue(identity, out var keys))
        {
            return keys;
        }

        keys = (new byte[BlockChain.HashSize], new byte[BlockChain.HashSize]);
        ChainRoot.Compute(secret.Span, identity, keys.Root);
        ChainRoot.ComputeMemoScope(secret.Span, identity.Tenant, identity.Tokenizer, keys.MemoScope);
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        _kept[identity] = keys;
        return keys;
    }
}
