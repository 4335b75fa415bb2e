namespace PromptCache.Core.Store;

/// <summary>A store in this process in front of one that several gateways share.</summary>
/// <remarks>
/// <para>What is known stays known until its lifetime ends, and lifetimes only grow: so what this gateway itself found or recorded in the shared store is true
/// until the lifetime that it gave then has passed, counted from before the call. A complete positive answer from here is therefore final; anything less goes to the shared store.</para>
/// <para>Lifetimes in the shared store are kept by the record that follows each success, which always goes there. A lookup that is answered here refreshes nothing; so it
/// is answered here only while at least three quarters of the lifetime remain. A lookup that no record follows (the upstream failed) can therefore end a lifetime up to a
/// quarter early, never late.</para>
/// <para>When the shared store loses what it had (flush, eviction, restart), this tier may still answer from before, for at most one lifetime.</para>
/// <para>Put the guard around this store, not inside: it has to see the shared store's errors, and nothing is remembered here that the shared store did not take.</para>
/// </remarks>
public sealed class TieredPrefixStore(InProcessPrefixStore near, IPrefixStore shared) : IPrefixStore
{
    public ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        var known = near.Peek(lookup, out var remaining);
        var complete = known.Blocks == lookup.Chain.Count && remaining >= lookup.Ttl * 0.75
            && (lookup.Anchors.IsDefaultOrEmpty || known.Anchors.Length == lookup.Anchors.Length);
        return complete ? new(known) : FindSharedAsync(lookup, cancellationToken);
    }

    public async ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken)
    {
        var asOf = near.Now;
        await shared.RecordAsync(record, cancellationToken);
        near.Remember(record, record.Chain.Count, asOf);
    }

    private async ValueTask<PrefixMatch> FindSharedAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        var asOf = near.Now;
        var match = await shared.FindAsync(lookup, cancellationToken);
        if (match is { Outcome: StoreOutcome.Answered, Blocks: > 0 })
        {
            // Anchors that were found are not remembered: their lifetime is not part of the answer.
            var destination = match.Destinations.IsDefaultOrEmpty ? 0 : match.Destinations[0];
            near.Remember(new PrefixRecord(lookup.Chain, lookup.Ttl, [], destination), match.Blocks, asOf);
        }

        return match;
    }
}
