using System.Collections.Immutable;
using PromptCache.Core.Store;

namespace PromptCache.Core.Policies;

/// <summary>What a policy makes of a match: positions in our own tokens, each from the prompt's start, <c>Read &lt;= Write1hTo &lt;= WriteTo &lt;= Total</c>.</summary>
public sealed record CacheDecision
{
    public required CachePlan Plan { get; init; }

    /// <summary>Tokens read: A.</summary>
    public required int Read { get; init; }

    /// <summary>The end of what is written for an hour: B; equal to <see cref="Read"/> when nothing is.</summary>
    public required int Write1hTo { get; init; }

    /// <summary>The end of what is written at the default lifetime: C; equal to <see cref="Write1hTo"/> when nothing is.</summary>
    public required int WriteTo { get; init; }

    /// <summary>All tokens by our count.</summary>
    public required int Total { get; init; }

    /// <summary>The last position that could have been read: the end of the prompt, or the last breakpoint, in tokens.</summary>
    public required int Cacheable { get; init; }

    /// <summary>The entries to write when the response has begun.</summary>
    public ImmutableArray<AnchorWrite> Writes { get; init; } = [];

    /// <summary>Why not more is read, in one stable word: by positions alone, as if there were no minimum.</summary>
    public required string Found { get; init; }

    /// <summary>The same where what was found turns out to be shorter than the minimum.</summary>
    public string Unread { get; init; } = CacheReason.BelowMinimum;

    /// <summary>Why not more is read, by our own count.</summary>
    public string Reason => ReasonFor(promptTokens: null);

    /// <summary>The buckets for a prompt of which the upstream counted <paramref name="promptTokens"/> (null: ours): scaled, each position rounded down; then the minimum, the step, the cap.</summary>
    /// <remarks>
    /// An explicit entry is exact: it has no step, and a position that falls below the minimum by the upstream's count takes nothing with it.
    /// A provider does not know where a prompt's text ends and the reply's priming begins: a prompt that is known to its end counts whole against the minimum, and in steps.
    /// Where there is no step, the priming is not read, for want of a word about it; an engine reads all but what it computes anew.
    /// </remarks>
    public CacheCounts Settle(long? promptTokens)
    {
        var prompt = Math.Max(promptTokens ?? Total, 0);
        var minimum = Plan.Policy.MinTokens;
        if (!Plan.Explicit)
        {
            return new CacheCounts(ImplicitRead(prompt), 0, 0);
        }

        var read = Scale(Read, prompt);
        read = read < minimum ? 0 : read;
        var write1hTo = Write1hTo > Read && Scale(Write1hTo, prompt) is var b && b >= minimum ? b : read;
        var writeTo = WriteTo > Write1hTo && Scale(WriteTo, prompt) is var c && c >= minimum ? c : write1hTo;
        return new CacheCounts(read, writeTo - write1hTo, write1hTo - read);
    }

    /// <summary>Why not more is read of a prompt of which the upstream counted <paramref name="promptTokens"/> (null: ours).</summary>
    public string ReasonFor(long? promptTokens)
    {
        if (Plan.Bypass || Found == CacheReason.StoreUnavailable)
        {
            return Found;
        }

        var prompt = Math.Max(promptTokens ?? Total, 0);
        return (Plan.Explicit ? Scale(Cacheable, prompt) : ToTheEnd(prompt)) < Plan.Policy.MinTokens ? CacheReason.BelowMinimum
            : Read > 0 && Settle(promptTokens).Read == 0 ? Unread
            : Found;
    }

    /// <summary>The last position of a plan that can be read, in tokens.</summary>
    internal static int CacheableOf(CachePlan plan) => plan.Chain.TokensAt(plan.Explicit ? plan.Breakpoints[^1].Blocks : plan.Chain.Count);

    /// <summary>Whether the match reaches the last position that can be cached.</summary>
    internal bool IsWhole => Read > 0 && Read >= Cacheable;

    private long ImplicitRead(long prompt)
    {
        var policy = Plan.Policy;
        var known = IsWhole ? ToTheEnd(prompt) : Scale(Read, prompt);
        return known < policy.MinTokens ? 0
            : IsWhole && policy.WholeOnResend ? prompt
            : IsWhole && policy is { StepTokens: <= 1, RecomputedTokens: 0 } ? Scale(Read, prompt)
            : Stepped(known);
    }

    /// <summary>How much of a prompt that is known to its end counts as known.</summary>
    private long ToTheEnd(long prompt) => Math.Max(prompt - Plan.Policy.RecomputedTokens, 0);

    private long Stepped(long read) => read - (read % Math.Max(Plan.Policy.StepTokens, 1));

    private long Scale(int position, long prompt) => Total <= 0 ? 0 : prompt == Total ? position : (long)((Int128)position * prompt / Total);
}
