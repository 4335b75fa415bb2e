using System.Collections.Immutable;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>The question to the store.</summary>
/// <param name="Chain">The prompt.</param>
/// <param name="Ttl">The blocks that are found live at least this long from now; <see cref="Look"/> refreshes nothing, anchors included.</param>
/// <param name="Anchors">Positions, in blocks from the root, ascending, at which an explicit entry would be of use; empty in implicit mode.</param>
public sealed record PrefixLookup(BlockChain Chain, TimeSpan Ttl, ImmutableArray<int> Anchors)
{
    /// <summary>The lifetime of a lookup that only looks.</summary>
    public static readonly TimeSpan Look = TimeSpan.Zero;

    /// <summary>When the request went out, as the clock's timestamp: what became known after that is not for it, in this process. Default: now.</summary>
    public long AsOf { get; init; } = long.MaxValue;
}
