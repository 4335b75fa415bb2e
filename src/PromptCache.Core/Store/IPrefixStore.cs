namespace PromptCache.Core.Store;

/// <summary>The set of known chain hashes with their expiry. Thread-safe.</summary>
/// <remarks>
/// It knows two things of a chain. Its <b>blocks</b>: the longest known prefix, each block with its own sliding lifetime.
/// And its <b>anchors</b>: positions at which an explicit cache entry was written, found one by one, each with the lifetime it was written with.
/// </remarks>
public interface IPrefixStore
{
    /// <summary>Finds the longest known prefix and the known anchors, and refreshes what it found. One round trip.</summary>
    ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken);

    /// <summary>Makes all blocks of the chain known, and writes the anchors. Idempotent; never shortens a lifetime.</summary>
    ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken);
}
