using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Store;

namespace PromptCache.Gateway.Engines;

/// <summary>What is known of a prompt once the store has answered.</summary>
/// <param name="Chain">The prompt.</param>
/// <param name="Plan">The policy applied to it, breakpoints of the gateway's own included.</param>
/// <param name="Match">The store's answer.</param>
/// <param name="Decision">What is read and written.</param>
/// <param name="Injected">The segments that the gateway marks itself, ascending.</param>
/// <param name="Tracked">Whether the prompt is recorded when its response begins.</param>
internal sealed record PromptAnalysis(BlockChain Chain, CachePlan Plan, PrefixMatch Match, CacheDecision Decision, ImmutableArray<int> Injected, bool Tracked)
{
    /// <summary>The same prompt in the markers' cache, where that is another one and the gateway may mark what was seen before: it is recorded beside; null: there is none.</summary>
    public BlockChain? Seen { get; init; }
}
