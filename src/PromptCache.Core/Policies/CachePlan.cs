using System.Collections.Immutable;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Policies;

/// <summary>A policy applied to one prompt, before the store is asked.</summary>
/// <param name="Policy">The rules, with the model's own values put in (no <see cref="CachePolicy.Models"/> left to look at).</param>
/// <param name="Chain">The prompt.</param>
/// <param name="Explicit">Whether markers decide; otherwise the prefix alone does.</param>
/// <param name="Anchors">Positions to look up, in blocks, ascending: the look-back windows of all breakpoints.</param>
/// <param name="Breakpoints">The effective breakpoints, ascending.</param>
public sealed record CachePlan(CachePolicy Policy, BlockChain Chain, bool Explicit, ImmutableArray<int> Anchors, ImmutableArray<Breakpoint> Breakpoints)
{
    /// <summary>Whether there is anything to look up: not in mode none, nor in explicit mode without markers.</summary>
    public bool Bypass { get; init; }
}
