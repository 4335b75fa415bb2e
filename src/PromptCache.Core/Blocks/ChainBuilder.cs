using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Blocks;

/// <summary>Segments to chain: tokenizes what the memo does not know, hashes the rest.</summary>
/// <param name="secret">The deployment's key: the root is an HMAC with it.</param>
/// <param name="memoBytes">What the segment memo may hold.</param>
public sealed class ChainBuilder(ReadOnlyMemory<byte> secret, long memoBytes)
{
    /// <summary>Tokens per block, at most.</summary>
    public const int BlockTokens = 128;

    /// <summary>Builds the chain. Thread-safe; CPU-bound, and cheap when the segments are known.</summary>
    public BlockChain Build(in ChainIdentity identity, SegmentList segments, ModelTokenizer tokenizer) => throw new NotSupportedException($"{secret.Length}{memoBytes}");
}
