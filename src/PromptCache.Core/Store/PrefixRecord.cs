using System.Collections.Immutable;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>What a successful response makes known.</summary>
/// <param name="Chain">The prompt; all its blocks become known.</param>
/// <param name="Ttl">How long the blocks live from now; a longer lifetime that they have stays.</param>
/// <param name="Anchors">Explicit entries that were written, ascending; empty in implicit mode.</param>
/// <param name="Destination">Who served it, for routing by prefix; 0: not said.</param>
public sealed record PrefixRecord(BlockChain Chain, TimeSpan Ttl, ImmutableArray<AnchorWrite> Anchors, uint Destination)
{
    /// <summary>When the response began, as the clock's timestamp: requests that had gone out before do not find what this makes known. Default: all find it.</summary>
    public long Since { get; init; } = long.MinValue;
}
