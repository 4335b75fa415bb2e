using System.Collections.Immutable;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>One part of the in-process store: all chains that begin with the same block are in the same shard. Thread-safe behind one lock.</summary>
/// <remarks>
/// Two orders hold along every path, because whatever touches a block touches all blocks before it: an ancestor's expiry is never earlier than its
/// descendant's, and an ancestor was never used longer ago. So what expires or is evicted is always the end of a path, and no hole appears in one.
/// </remarks>
internal sealed class StoreShard
{
    private const int PurgePerWrite = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<BlockId, BlockRun> _runs = [];
    private readonly Dictionary<BlockId, AnchorEntry> _anchors = [];
    private readonly UseOrder _order = new();
    private readonly List<(BlockRun Run, int Matched)> _path = [];
    private long _bytes;
    private long _oldestUse = long.MaxValue;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the entry that nobody has used for longest was used; a hint, read without the lock.</summary>
    public long OldestUse => Volatile.Read(ref _oldestUse);

    /// <summary>Finds, and with <paramref name="refresh"/> gives what it found its lifetime again.</summary>
    public PrefixMatch Find(PrefixLookup lookup, long now, bool refresh, out long earliestExpiry)
    {
        lock (_gate)
        {
            var blocks = Walk(lookup.Chain, lookup.Chain.Count, now, lookup.AsOf);
            earliestExpiry = blocks == 0 ? now : _path[^1].Run.Expiry;
            var destinations = blocks == 0 ? [] : _path[^1].Run.Destinations.ToArray();
            UsePath(refresh ? now + lookup.Ttl.Ticks : 0, now, destination: 0);
            var anchors = FindAnchors(lookup, now, refresh, ref earliestExpiry);
            Publish();
            return blocks == 0 && anchors.IsEmpty ? PrefixMatch.None : new(StoreOutcome.Answered, blocks, anchors, destinations);
        }
    }

    /// <summary>Makes the chain's first <paramref name="blocks"/> blocks known until <paramref name="asOf"/> plus their lifetime.</summary>
    public void Record(PrefixRecord record, int blocks, long asOf, long now)
    {
        lock (_gate)
        {
            PurgeExpired(now);
            var known = Walk(record.Chain, blocks, now);
            var expiry = asOf + record.Ttl.Ticks;
            if (expiry > now)
            {
                // Newest last, the path's end first: the order of use keeps ancestors ahead of their descendants.
                AddRuns(record, known, blocks, expiry, now);
                UsePath(expiry, now, record.Destination);
            }

            foreach (var write in record.Anchors.IsDefault ? [] : record.Anchors)
            {
                WriteAnchor(record, write, asOf, now);
            }

            Publish();
        }
    }

    /// <summary>Drops what nobody has used for longest.</summary>
    /// <returns>Whether there was anything to drop.</returns>
    public bool EvictOldest()
    {
        lock (_gate)
        {
            var oldest = _order.Oldest;
            if (oldest is not null)
            {
                Remove(oldest);
            }

            Publish();
            return oldest is not null;
        }
    }

    private int Walk(BlockChain chain, int limit, long now, long asOf = long.MaxValue)
    {
        _path.Clear();
        var at = 0;
        while (at < limit && _runs.TryGetValue(BlockId.Of(chain, at), out var run) && run.Expiry > now && run.Since <= asOf)
        {
            var matched = Math.Min(run.CommonLength(chain, at), limit - at);
            _path.Add((run, matched));
            at += matched;
        }

        return at;
    }

    /// <summary>Marks the path as used now, from its end to its root, and lengthens lifetimes that end before <paramref name="expiry"/>.</summary>
    private void UsePath(long expiry, long now, uint destination)
    {
        for (var i = _path.Count - 1; i >= 0; i--)
        {
            var (run, matched) = _path[i];
            var destinations = run.Destinations.With(destination);
            if (run.Expiry < expiry || destinations != run.Destinations)
            {
                run = matched < run.Count ? KeepFront(run, matched) : run;
                run.Expiry = Math.Max(run.Expiry, expiry);
                run.Destinations = destinations;
            }

            run.LastUsed = now;
            _order.MoveToNewest(run);
        }
    }

    private BlockRun KeepFront(BlockRun run, int blocks)
    {
        var (front, back) = run.Cut(blocks);
        front.LastUsed = back.LastUsed = run.LastUsed;
        Insert(back, run);
        Insert(front, run);
        _order.Remove(run);
        _bytes -= run.Bytes;
        return front;
    }

    private void AddRuns(PrefixRecord record, int known, int blocks, long expiry, long now)
    {
        for (var end = blocks; end > known;)
        {
            var start = known + ((end - known - 1) / BlockRun.MaxBlocks * BlockRun.MaxBlocks);
            var run = BlockRun.Of(record.Chain, start, end, expiry);
            run.LastUsed = now;
            run.Since = record.Since;
            run.Destinations = run.Destinations.With(record.Destination);
            Insert(run, place: null);
            end = start;
        }
    }

    /// <summary>Takes a run in; what stood under its first block (an expired run, or the whole run of which this is the front) leaves the index.</summary>
    private void Insert(BlockRun run, BlockRun? place)
    {
        if (_runs.TryGetValue(run.Key, out var stale) && !ReferenceEquals(stale, place))
        {
            Remove(stale);
        }

        _runs[run.Key] = run;
        _bytes += run.Bytes;
        if (place is null)
        {
            _order.AddNewest(run);
        }
        else
        {
            _order.InsertOlderThan(run, place);
        }
    }

    private ImmutableArray<int> FindAnchors(PrefixLookup lookup, long now, bool refresh, ref long earliestExpiry)
    {
        if (lookup.Anchors.IsDefaultOrEmpty || _anchors.Count == 0)
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<int>();
        foreach (var position in lookup.Anchors)
        {
            if (position > 0 && position <= lookup.Chain.Count && _anchors.TryGetValue(BlockId.Of(lookup.Chain, position - 1), out var anchor) && anchor.Expiry > now && anchor.Since <= lookup.AsOf)
            {
                found.Add(position);
                earliestExpiry = Math.Min(earliestExpiry, anchor.Expiry);
                anchor.Expiry = refresh ? Math.Max(anchor.Expiry, now + anchor.Ttl.Ticks) : anchor.Expiry;
                anchor.LastUsed = now;
                _order.MoveToNewest(anchor);
            }
        }

        return found.DrainToImmutable();
    }

    private void WriteAnchor(PrefixRecord record, AnchorWrite write, long asOf, long now)
    {
        var chain = record.Chain;
        var expiry = asOf + write.Ttl.Ticks;
        if (write.Blocks < 1 || write.Blocks > chain.Count || expiry <= now)
        {
            return;
        }

        var key = BlockId.Of(chain, write.Blocks - 1);
        if (!_anchors.TryGetValue(key, out var anchor))
        {
            _anchors[key] = anchor = new(key);
            _bytes += anchor.Bytes;
            _order.AddNewest(anchor);
        }

        // A live entry keeps the longer of both lifetimes, and whoever found it finds it still; an expired one counts for nothing.
        anchor.Since = anchor.Expiry > now ? anchor.Since : record.Since;
        anchor.Ttl = anchor.Expiry > now && anchor.Ttl > write.Ttl ? anchor.Ttl : write.Ttl;
        anchor.Expiry = Math.Max(anchor.Expiry, expiry);
        anchor.LastUsed = now;
        _order.MoveToNewest(anchor);
    }

    private void PurgeExpired(long now)
    {
        for (var i = 0; i < PurgePerWrite && _order.Oldest is { } oldest && oldest.Expiry <= now; i++)
        {
            Remove(oldest);
        }
    }

    private void Remove(StoreEntry entry)
    {
        _order.Remove(entry);
        _bytes -= entry.Bytes;
        if (entry is AnchorEntry)
        {
            _anchors.Remove(entry.Key);
        }
        else if (_runs.TryGetValue(entry.Key, out var run) && ReferenceEquals(run, entry))
        {
            _runs.Remove(entry.Key);
        }
    }

    private void Publish() => Volatile.Write(ref _oldestUse, _order.Oldest?.LastUsed ?? long.MaxValue);
}
