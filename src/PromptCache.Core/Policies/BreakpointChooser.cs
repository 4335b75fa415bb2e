using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>Puts breakpoints into a prompt that has none of its own, for providers that cache only what is marked. Pure.</summary>
/// <remarks>
/// <para>A write costs a premium (Anthropic: a quarter), so <see cref="BreakpointMode.Adaptive"/> marks only what was seen before within its lifetime: a one-off prompt pays nothing.</para>
/// <para>Four places at most: the last tool, the last system part, the newest stable message (the deepest one that is known), and the newest message of all when the prompt
/// continues an earlier one, that is when the model's answer follows what is known. Marking a last message that never comes again (a question behind shared examples)
/// would pay a write on every request and never a read.</para>
/// <para>The minimum is held against our own count, for want of a better one: where the provider counts more, a prefix just below it goes unmarked and costs what it would without markers;
/// where it counts less, a marker just above it is ignored by the provider at no cost.</para>
/// <para>Where only the last marker counts, tools and system alone are marked: a marker that moves with the conversation would have everything written anew on every turn.</para>
/// </remarks>
public static class BreakpointChooser
{
    /// <returns>Indexes of segments, ascending; empty when nothing is worth marking, or the request has markers of its own.</returns>
    public static ImmutableArray<int> Choose(BreakpointMode mode, CachePolicy policy, SegmentList segments, BlockChain chain, PrefixMatch match)
    {
        if (mode == BreakpointMode.Off || !CanHelp(policy, segments))
        {
            return [];
        }

        var known = mode == BreakpointMode.Always ? chain.Count : match.Blocks;
        var minimum = policy.ExplicitMinTokens ?? policy.MinTokens;
        int tool = -1, system = -1, stable = -1, newest = -1, lastKnown = -1;
        for (var i = 0; i < segments.Count; i++)
        {
            ref readonly var segment = ref segments[i];
            var isKnown = chain.SegmentEnds[i] <= known;
            lastKnown = isKnown ? i : lastKnown;
            if (!segment.CanMark() || chain.TokensAt(chain.SegmentEnds[i]) < minimum)
            {
                continue;
            }

            switch (segment.Level)
            {
                case SegmentLevel.Tools when isKnown:
                    tool = i;
                    break;
                case SegmentLevel.System when isKnown:
                    system = i;
                    break;
                case SegmentLevel.Messages:
                    stable = isKnown ? i : stable;
                    newest = i;
                    break;
            }
        }

        if (policy.OnExcess == ExcessRule.OnlyLast)
        {
            return system >= 0 ? [system] : tool >= 0 ? [tool] : [];
        }

        return Pick([tool, system, stable, Continues(segments, lastKnown) ? newest : -1], policy.MaxBreakpoints);
    }

    /// <summary>Whether markers could be put into this request at all.</summary>
    public static bool CanHelp(CachePolicy policy, SegmentList segments)
    {
        if (policy.Mode is not (CacheMode.Explicit or CacheMode.Both) || policy.AutomaticBreakpoint || segments.Automatic.Exists)
        {
            return false;
        }

        foreach (ref readonly var segment in segments.Segments)
        {
            if (segment.Marker.Exists)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the prompt goes on where an earlier one ended: what is known ends with what was said to the model, and its answer follows.</summary>
    private static bool Continues(SegmentList segments, int lastKnown)
        => lastKnown >= 0 && lastKnown + 1 < segments.Count
            && segments[lastKnown] is { Level: SegmentLevel.Messages, Role: not SegmentRole.Assistant }
            && segments[lastKnown + 1].Role == SegmentRole.Assistant;

    private static ImmutableArray<int> Pick(ReadOnlySpan<int> wanted, int limit)
    {
        var chosen = ImmutableArray.CreateBuilder<int>(wanted.Length);
        foreach (var index in wanted)
        {
            if (index >= 0 && (chosen.Count == 0 || chosen[^1] < index))
            {
                chosen.Add(index);
            }
        }

        // The deepest ones are worth the most.
        while (limit > 0 && chosen.Count > limit)
        {
            chosen.RemoveAt(0);
        }

        return chosen.ToImmutable();
    }
}
