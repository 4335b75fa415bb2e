using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>Puts breakpoints into a prompt that has none of its own, for providers that cache only what is marked. Pure.</summary>
/// <remarks>
/// <para>A write costs a premium (Anthropic: a quarter), so <see cref="BreakpointMode.Adaptive"/> marks only what was seen before within its lifetime: a one-off prompt pays nothing.</para>
/// <para>Four places at most: the last tool, the last system part, the newest stable message (the deepest one that is known), and the newest message of all once
/// a conversation has shown that it grows, that is when an answer of the model is part of what is known. Marking a last message that never comes again would pay a write on every request and never a read.</para>
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
        int tool = -1, system = -1, stable = -1, newest = -1;
        var grows = mode == BreakpointMode.Always;
        for (var i = 0; i < segments.Count; i++)
        {
            ref readonly var segment = ref segments[i];
            var isKnown = chain.SegmentEnds[i] <= known;
            grows |= isKnown && segment is { Level: SegmentLevel.Messages, Role: SegmentRole.Assistant };
            if (!segment.CanMark() || chain.TokensAt(chain.SegmentEnds[i]) < policy.MinTokens)
            {
                continue;
            }

            switch (segment.Level)
            {
                case SegmentLevel.Tools when isKnown:
                    tool = i;
                    break;
                case SegmentLevel.System when isKnown && segment.Kind != SegmentKind.Schema:
                    system = i;
                    break;
                case SegmentLevel.Messages:
                    stable = isKnown ? i : stable;
                    newest = i;
                    break;
            }
        }

        ReadOnlySpan<int> wanted = [tool, system, stable, grows ? newest : -1];
        var chosen = ImmutableArray.CreateBuilder<int>(wanted.Length);
        foreach (var index in wanted)
        {
            if (index >= 0 && (chosen.Count == 0 || chosen[^1] < index))
            {
                chosen.Add(index);
            }
        }

        // The deepest ones are worth the most.
        while (policy.MaxBreakpoints > 0 && chosen.Count > policy.MaxBreakpoints)
        {
            chosen.RemoveAt(0);
        }

        return chosen.ToImmutable();
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
}
