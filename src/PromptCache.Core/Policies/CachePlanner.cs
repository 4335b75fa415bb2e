using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>Applies a cache policy: pure, before the store is asked and after it has answered.</summary>
public static class CachePlanner
{
    /// <summary>The cache of requests without markers, where they have one of their own. That of markers is the unnamed one: a gateway that marks prompts itself learns there what was seen.</summary>
    private const string ImplicitCache = "implicit";

    /// <summary>Checks the markers against the policy. Needs no chain, so that a refusal comes before any work.</summary>
    public static RequestError? Validate(CachePolicy policy, string model, SegmentList segments)
    {
        var rules = PolicyResolver.ForModel(policy, model);
        return MarkerRules.AreUsed(rules, segments) ? MarkerRules.Select(rules, segments, out _) : null;
    }

    /// <summary>What the chain of a prompt for this model takes into account: the salts of the levels, thinking that the model drops, and which of the provider's caches the request uses.</summary>
    public static (bool SaltLevels, bool DropThinking, string Cache) ChainRules(CachePolicy policy, string model, SegmentList segments)
    {
        var rules = PolicyResolver.ForModel(policy, model);
        return (rules.MessagesSalt, rules.DropsThinking, rules.SeparateModes && !MarkerRules.AreUsed(rules, segments) ? ImplicitCache : "");
    }

    /// <summary>The cache that the request would use with markers if it has none, and the other way round; null: there is only one.</summary>
    public static string? OtherCache(CachePolicy policy, string model, SegmentList segments)
        => PolicyResolver.ForModel(policy, model) is not { SeparateModes: true } rules ? null : MarkerRules.AreUsed(rules, segments) ? ImplicitCache : "";

    /// <summary>What to ask the store. The request must have passed <see cref="Validate"/>.</summary>
    public static CachePlan Plan(CachePolicy policy, string model, SegmentList segments, BlockChain chain)
    {
        var rules = PolicyResolver.ForModel(policy, model);
        if (!MarkerRules.AreUsed(rules, segments))
        {
            return new CachePlan(PolicyResolver.ForPrefix(rules, segments), chain, Explicit: false, [], []) { Bypass = rules.Mode == CacheMode.None };
        }

        rules = PolicyResolver.ForMarkers(rules);
        var ends = chain.SegmentEnds;
        MarkerRules.Select(rules, segments, out var marks);
        var breakpoints = ImmutableArray.CreateBuilder<Breakpoint>(marks.Count);
        foreach (var mark in marks)
        {
            breakpoints.Add(new Breakpoint(mark.Segment, ends[mark.Segment], mark.Ttl, mark.Extended));
        }

        return new CachePlan(rules, chain, Explicit: true, Anchors(rules, chain, breakpoints), breakpoints.DrainToImmutable()) { Bypass = marks.Count == 0 };
    }

    /// <summary>What is read and written, given the store's answer.</summary>
    public static CacheDecision Decide(CachePlan plan, PrefixMatch match)
        => plan.Bypass ? Nothing(plan, plan.Explicit ? CacheReason.NoMarkers : CacheReason.PolicyNone)
            : match.Outcome != StoreOutcome.Answered ? Nothing(plan, CacheReason.StoreUnavailable)
            : plan.Explicit ? ExplicitDecision.Of(plan, match)
            : Implicit(plan, match);

    /// <summary>Every position that some breakpoint looks back at, its own included. The minimum is no matter here: it holds for the upstream's count, which is not known yet.</summary>
    private static ImmutableArray<int> Anchors(CachePolicy rules, BlockChain chain, IReadOnlyList<Breakpoint> breakpoints)
    {
        var anchors = ImmutableArray.CreateBuilder<int>();
        var next = 0;
        foreach (var breakpoint in breakpoints)
        {
            var first = Math.Max(0, breakpoint.Segment - rules.Reach + 1);
            for (next = Math.Max(next, first); next <= breakpoint.Segment; next++)
            {
                anchors.Add(chain.SegmentEnds[next]);
            }
        }

        return anchors.DrainToImmutable();
    }

    private static CacheDecision Implicit(CachePlan plan, PrefixMatch match)
    {
        var read = plan.Chain.TokensAt(Math.Min(match.Blocks, plan.Chain.Count));
        var reason = read == 0 ? CacheReason.Miss : read < CacheDecision.CacheableOf(plan) ? CacheReason.Partial : CacheReason.Hit;
        return Nothing(plan, reason) with { Read = read, Write1hTo = read, WriteTo = read };
    }

    private static CacheDecision Nothing(CachePlan plan, string reason) => new()
    {
        Plan = plan,
        Read = 0,
        Write1hTo = 0,
        WriteTo = 0,
        Total = plan.Chain.TotalTokens,
        Cacheable = plan.Bypass ? 0 : CacheDecision.CacheableOf(plan),
        Found = reason,
    };
}
