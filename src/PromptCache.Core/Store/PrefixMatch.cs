using System.Collections.Immutable;

namespace PromptCache.Core.Store;

/// <summary>The store's answer.</summary>
/// <param name="Outcome">Whether it is an answer at all.</param>
/// <param name="Blocks">The number of leading blocks that are known.</param>
/// <param name="Anchors">Those of the lookup's anchors that are known, ascending.</param>
/// <param name="Destinations">The destinations that lately served the deepest known block, newest first, at most 4; for routing by prefix.</param>
public sealed record PrefixMatch(StoreOutcome Outcome, int Blocks, ImmutableArray<int> Anchors, ImmutableArray<uint> Destinations)
{
    public static PrefixMatch None { get; } = new(StoreOutcome.Answered, 0, [], []);

    /// <summary>No answer, and why.</summary>
    public static PrefixMatch Missing(StoreOutcome outcome) => new(outcome, 0, [], []);
}
