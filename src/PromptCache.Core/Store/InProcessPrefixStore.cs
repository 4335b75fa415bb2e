using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>The prefix store inside the process: the embedded default, and the first tier in front of Redis.</summary>
/// <remarks>
/// Exact lifetimes (an entry is gone from the tick on at which it expires) without a timer per entry: whoever meets an expired entry passes it by, and
/// writes clear some away. Bounded: when all entries together exceed the limit, those that nobody has used for longest go, wherever they are.
/// </remarks>
public sealed class InProcessPrefixStore : IPrefixStore
{
    /// <summary>The default of what the store may hold: 256 MiB.</summary>
    public const long DefaultMaxBytes = 256L * 1024 * 1024;

    private const int ShardCount = 32;

    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly StoreShard[] _shards = new StoreShard[ShardCount];

    /// <param name="maxBytes">What the store may hold, in bytes of memory (estimated from the entries, not measured); at least 1 MiB.</param>
    /// <param name="time">The clock of all lifetimes.</param>
    public InProcessPrefixStore(TimeProvider time, long maxBytes = DefaultMaxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1024 * 1024);
        _maxBytes = maxBytes;
        _time = time;
        _origin = time.GetTimestamp();
        for (var i = 0; i < ShardCount; i++)
        {
            _shards[i] = new();
        }
    }

    /// <summary>What the entries take now, in bytes.</summary>
    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var shard in _shards)
            {
                sum += shard.Bytes;
            }

            return sum;
        }
    }

    /// <summary>The store's clock: ticks since it was made.</summary>
    internal long Now => _time.GetElapsedTime(_origin).Ticks;

    public ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken)
        => new(lookup.Chain.Count == 0 ? PrefixMatch.None : ShardOf(lookup.Chain).Find(lookup, Now, refresh: lookup.Ttl > PrefixLookup.Look, out _));

    public ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken)
    {
        Remember(record, record.Chain.Count, Now);
        return ValueTask.CompletedTask;
    }

    /// <summary>Finds without refreshing.</summary>
    /// <param name="lookup">The question.</param>
    /// <param name="remaining">How long everything that was found is known to live.</param>
    internal PrefixMatch Peek(PrefixLookup lookup, out TimeSpan remaining)
    {
        var now = Now;
        var expiry = now;
        var match = lookup.Chain.Count == 0 ? PrefixMatch.None : ShardOf(lookup.Chain).Find(lookup, now, refresh: false, out expiry);
        remaining = TimeSpan.FromTicks(expiry - now);
        return match;
    }

    /// <summary>Makes the first <paramref name="blocks"/> blocks known, with lifetimes that began at <paramref name="asOf"/>.</summary>
    internal void Remember(PrefixRecord record, int blocks, long asOf)
    {
        if (record.Chain.Count == 0)
        {
            return;
        }

        ShardOf(record.Chain).Record(record, blocks, asOf, Now);
        while (Bytes > _maxBytes && Oldest().EvictOldest())
        {
        }
    }

    private StoreShard ShardOf(BlockChain chain) => _shards[chain.Hashes[0] % ShardCount];

    private StoreShard Oldest()
    {
        var oldest = _shards[0];
        foreach (var shard in _shards)
        {
            oldest = shard.OldestUse < oldest.OldestUse ? shard : oldest;
        }

        return oldest;
    }
}
