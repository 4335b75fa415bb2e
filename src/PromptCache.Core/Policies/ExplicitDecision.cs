using System.Collections.Immutable;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>Explicit caching as Anthropic defines it: entries are written and found at breakpoints only.</summary>
/// <remarks>
/// A = tokens at the highest entry found, B = tokens at the highest one-hour breakpoint after A (else A), C = tokens at the last breakpoint.
/// Read A, write B - A for an hour and C - B at the default lifetime, the rest is uncached.
/// The model's minimum holds for the upstream's count, so <see cref="CacheDecision.Settle"/> applies it, and entries are written and looked up below it too.
/// What was written below it is below it when it is read as well, unless two responses count the same prefix differently enough to stand on either side of it:
/// then a read may be billed whose write was not, or the other way round, for a prefix that is at the minimum by one of the counts.
/// </remarks>
internal static class ExplicitDecision
{
    public static CacheDecision Of(CachePlan plan, PrefixMatch match)
    {
        var chain = plan.Chain;
        var hit = 0;
        foreach (var anchor in match.Anchors)
        {
            hit = plan.Anchors.BinarySearch(anchor) >= 0 ? Math.Max(hit, anchor) : hit;
        }

        var (extendedTo, writtenTo) = (hit, hit);
        var writes = ImmutableArray.CreateBuilder<AnchorWrite>(plan.Breakpoints.Length);
        foreach (var breakpoint in plan.Breakpoints)
        {
            if (breakpoint.Blocks > hit)
            {
                writtenTo = breakpoint.Blocks;
                extendedTo = breakpoint.Extended ? breakpoint.Blocks : extendedTo;
                writes.Add(new AnchorWrite(breakpoint.Blocks, breakpoint.Ttl));
            }
            else if (!match.Anchors.Contains(breakpoint.Blocks))
            {
                // What is read is not billed as written again, so an entry within it costs nothing; an hour that nobody pays for is not given.
                writes.Add(new AnchorWrite(breakpoint.Blocks, plan.Policy.Ttl));
            }
        }

        var unread = KnowsMoreThanWasAsked(plan, match.Blocks) ? CacheReason.LookbackExceeded : CacheReason.ExpiredOrNew;
        return new CacheDecision
        {
            Plan = plan,
            Read = chain.TokensAt(hit),
            Write1hTo = chain.TokensAt(extendedTo),
            WriteTo = chain.TokensAt(writtenTo),
            Total = chain.TotalTokens,
            Cacheable = CacheDecision.CacheableOf(plan),
            Writes = writes.DrainToImmutable(),
            Found = hit == 0 ? unread : hit == plan.Breakpoints[^1].Blocks ? CacheReason.Hit : CacheReason.Partial,
            Unread = unread,
        };
    }

    /// <summary>Whether a segment's end within the known blocks was long enough for an entry and yet out of every breakpoint's sight.</summary>
    private static bool KnowsMoreThanWasAsked(CachePlan plan, int knownBlocks)
    {
        foreach (var end in plan.Chain.SegmentEnds)
        {
            if (end <= knownBlocks && end < plan.Breakpoints[^1].Blocks && plan.Chain.TokensAt(end) >= plan.Policy.MinTokens && plan.Anchors.BinarySearch(end) < 0)
            {
                return true;
            }
        }

        return false;
    }
}
