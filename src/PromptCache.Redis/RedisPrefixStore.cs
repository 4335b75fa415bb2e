using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>The prefix store on Redis 7 or newer, shared by all gateways that have the same secret.</summary>
/// <remarks>
/// One script finds and refreshes, one records; both run on the server's clock, so gateways need not agree on the time. On a cluster the two halves of a chain
/// (tools and system; messages) live in different slots and are asked at once.
/// It throws what the client throws, and its calls have no time limit of their own: put <see cref="GuardedPrefixStore"/> around it.
/// </remarks>
public sealed class RedisPrefixStore : IPrefixStore, IAsyncDisposable
{
    /// <summary>A record writes at most so many pages per call, so that a huge cold prompt does not hold up the server in one piece.</summary>
    private const int PagesPerRecord = 32;

    /// <summary>How much longer a key lives than its content, in ms: the content's own expiry decides, not the key's.</summary>
    private const int Slack = 1000;

    /// <summary>The slack with a clock that a test holds still.</summary>
    private const int SlackOfForeignClock = 3_600_000;

    /// <summary>A prompt that nobody has: one block of zeros.</summary>
    private static readonly BlockChain Nothing = new(new byte[BlockChain.HashSize], [1], [1], toolsEnd: 0, systemEnd: 0, totalTokens: 1, rootTag: 0);

    private readonly RedisConnection _connection;
    private readonly StoreKeys _keys;
    private readonly TimeProvider? _clock;

    private RedisPrefixStore(RedisStoreOptions options, ILoggerFactory loggers, TimeProvider time, TimeProvider? clock)
    {
        _connection = new(options.Configuration, loggers.CreateLogger<RedisPrefixStore>(), time);
        _keys = new(options.KeyPrefix);
        _clock = clock;
        Notes = new RedisSharedNotes(_connection, _keys);

        // Whatever becomes of it: the first real call will say.
        _ = WarmAsync().ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);
    }

    /// <summary>Notes on the same connection.</summary>
    public ISharedNotes Notes { get; }

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => _connection.IsConnected;

    /// <summary>Starts to connect in the background and returns at once; until there is a connection, calls fail at once.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static RedisPrefixStore Create(RedisStoreOptions options, ILoggerFactory loggers, TimeProvider time) => new(options, loggers, time, clock: null);

    /// <summary>For tests: lifetimes run on <paramref name="clock"/> instead of the server's own.</summary>
    internal static RedisPrefixStore CreateWithClock(RedisStoreOptions options, ILoggerFactory loggers, TimeProvider clock) => new(options, loggers, TimeProvider.System, clock);

    /// <summary>Does what requests need: writes. A server that answers but is full, a replica, or at work on somebody's script is no store.</summary>
    public Task ProbeAsync() => RecordAsync(new(Nothing, TimeSpan.FromSeconds(1), [], 0), CancellationToken.None).AsTask();

    /// <summary>Asks the servers anew who of them is the primary; the client itself does so once a minute. Never fails.</summary>
    public Task LookAgainAsync() => _connection.LookAgainAsync();

    public async ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pages = new ChainPages(lookup.Chain);
        if (pages.Count == 0)
        {
            return PrefixMatch.None;
        }

        var ttl = Milliseconds(lookup.Ttl);
        var anchors = lookup.Anchors.IsDefaultOrEmpty ? [] : lookup.Anchors.Where(a => a > 0 && a <= lookup.Chain.Count).ToArray();
        var calls = Split(pages, anchors, StoreKeys.AskedIdBytes).ToArray();
        var replies = await Task.WhenAll(calls.Select(call => _connection.RunAsync(StoreScripts.Find, call.Keys, Arguments(call, StoreKeys.AskedIdBytes, ttl, Now()))));

        var match = PrefixMatch.None;
        for (var i = 0; i < calls.Length; i++)
        {
            match = Add(match, pages, calls[i], replies[i]);
        }

        return match;
    }

    public async ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pages = new ChainPages(record.Chain);
        var ttl = Milliseconds(record.Ttl);
        var writes = record.Anchors.IsDefaultOrEmpty ? [] : record.Anchors.Where(a => a.Blocks > 0 && a.Blocks <= record.Chain.Count && a.Ttl > TimeSpan.Zero).ToArray();
        if (pages.Count == 0 || ttl <= 0)
        {
            return;
        }

        var destination = Array.Empty<byte>();
        if (record.Destination != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination = new byte[4], record.Destination);
        }

        foreach (var half in Split(pages, [.. writes.Select(a => a.Blocks)], StoreKeys.IdBytes))
        {
            // All parts count from the time of the first, so that no block outlives the ones before it.
            var asOf = Now();
            var end = half.FirstPage + half.Counts.Length;
            for (var first = half.FirstPage; first < end; first += PagesPerRecord)
            {
                var stop = Math.Min(end, first + PagesPerRecord);
                var call = first == half.FirstPage && stop == end ? half : StoreCall.Of(_keys, pages, first, stop, stop == end ? half.Anchors : [], StoreKeys.IdBytes);
                var lifetimes = Lifetimes(call.Anchors, writes);
                var reply = await _connection.RunAsync(StoreScripts.Record, call.Keys, [.. Arguments(call, StoreKeys.IdBytes, ttl, asOf), destination, lifetimes]);
                asOf = (long)reply[0];
            }
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Asks for something that nobody has: the first use of client and scripts takes longer than a request would wait.</summary>
    private async Task WarmAsync()
    {
        await _connection.Attempted;
        await FindAsync(new(Nothing, TimeSpan.FromSeconds(1), []), CancellationToken.None);
    }

    /// <summary>The whole chain in one call, or on a cluster its two halves.</summary>
    private IEnumerable<StoreCall> Split(ChainPages pages, int[] anchors, int idBytes)
    {
        var middle = pages.FirstBranchPage;
        if (middle == 0 || middle == pages.Count || !_connection.IsCluster)
        {
            return [StoreCall.Of(_keys, pages, 0, pages.Count, anchors, idBytes)];
        }

        var trunkEnd = pages.Chain.SystemEnd;
        return
        [
            StoreCall.Of(_keys, pages, 0, middle, [.. anchors.Where(a => a <= trunkEnd)], idBytes),
            StoreCall.Of(_keys, pages, middle, pages.Count, [.. anchors.Where(a => a > trunkEnd)], idBytes),
        ];
    }

    private RedisValue[] Arguments(StoreCall call, int idBytes, long ttl, long? now)
        => [now ?? RedisValue.EmptyString, ttl, _clock is null ? Slack : SlackOfForeignClock, call.Counts, call.Ids, call.Checks, idBytes];

    private long? Now() => _clock?.GetUtcNow().ToUnixTimeMilliseconds();

    private static PrefixMatch Add(PrefixMatch match, ChainPages pages, StoreCall call, RedisResult[] reply)
    {
        var page = (int)reply[0];
        var known = (byte[]?)reply[3] ?? [];
        var anchors = match.Anchors.AddRange(call.Anchors.Where((_, i) => known[i] == 1));
        if (page == 0)
        {
            return match with { Anchors = anchors };
        }

        // The page's key has proved its first block.
        var start = pages.StartOf(call.FirstPage + page - 1);
        var blocks = (int)reply[1];
        var last = (byte[]?)reply[4] ?? [];
        if (blocks > 1 && !pages.Chain.HashOf(start + blocks - 1).StartsWith(last))
        {
            blocks = 1;
        }

        return new(StoreOutcome.Answered, start + blocks, anchors, Destinations((byte[]?)reply[2] ?? []));
    }

    private static ImmutableArray<uint> Destinations(byte[] served)
    {
        var found = ImmutableArray.CreateBuilder<uint>(4);
        for (var at = 0; at < served.Length && BinaryPrimitives.ReadUInt32BigEndian(served.AsSpan(at)) is var destination and not 0; at += 4)
        {
            found.Add(destination);
        }

        return found.DrainToImmutable();
    }

    private static byte[] Lifetimes(int[] anchors, AnchorWrite[] writes)
    {
        var lifetimes = new byte[anchors.Length * 6];
        Span<byte> ttl = stackalloc byte[8];
        for (var i = 0; i < anchors.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(ttl, Milliseconds(writes.First(w => w.Blocks == anchors[i]).Ttl));
            ttl[2..].CopyTo(lifetimes.AsSpan(i * 6));
        }

        return lifetimes;
    }

    private static long Milliseconds(TimeSpan ttl) => (long)Math.Ceiling(ttl.TotalMilliseconds);
}
