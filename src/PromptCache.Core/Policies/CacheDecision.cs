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

    /// <summary>Why not more was read, in one stable word.</summary>
    public required string Reason { get; init; }

    /// <summary>The buckets for a prompt of which the upstream counted <paramref name="promptTokens"/> (null: ours): scaled, each position rounded down; then the minimum, the step, the cap.</summary>
    public CacheCounts Settle(long? promptTokens) => throw new NotSupportedException();
}
