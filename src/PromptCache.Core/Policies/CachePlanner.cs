using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>Applies a cache policy: pure, before the store is asked and after it has answered.</summary>
public static class CachePlanner
{
    /// <summary>Checks the markers against the policy. Needs no chain, so that a refusal comes before any work.</summary>
    public static RequestError? Validate(CachePolicy policy, string model, SegmentList segments) => throw new NotSupportedException();

    /// <summary>What to ask the store.</summary>
    public static CachePlan Plan(CachePolicy policy, string model, SegmentList segments, BlockChain chain) => throw new NotSupportedException();

    /// <summary>What is read and written, given the store's answer.</summary>
    public static CacheDecision Decide(CachePlan plan, PrefixMatch match) => throw new NotSupportedException();
}
