using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.Explain;

/// <summary>Remembers of recent prompts what it takes to say why a later one is not known: keyed digests and times, no text. Bounded, in this process only.</summary>
/// <remarks>
/// A request pays for finding out which of its segments are new and for copying their texts, at most <see cref="MaxCopied"/> bytes; a thread of the pool
/// makes the digests, of <see cref="Batch"/> prompts at once because waking it costs more than one prompt's, and gives the copies back. When more prompts wait than <see cref="MaxWaiting"/>, further ones are not remembered.
/// </remarks>
internal sealed class RecentPrompts(ReadOnlyMemory<byte> secret, TimeProvider time)
{
    public const int MaxCopied = 64 << 10;
    public const int MaxWaiting = 16;
    public const int Batch = 8;

    /// <summary>Bytes of new text that are looked at in a second. The digests cost about 30 µs per KiB: under load only a sample is remembered, and requests keep the processor.</summary>
    public const int MaxPerSecond = 512 << 10;

    /// <summary>What a prompt counts beside its new text: the digests of a short question cost about 10 µs too.</summary>
    public const int PromptBytes = 512;

    // Together under 10 MiB.
    private const int MaxEnds = 32_768;
    private const int MaxForms = 65_536;
    private const int MaxSalts = 4096;

    private readonly Lock _gate = new();
    private readonly Lock _draining = new();
    private readonly RecentMap<RecentEnd> _ends = new(MaxEnds);
    private readonly RecentMap<DateTimeOffset> _forms = new(MaxForms);
    private readonly RecentMap<ulong[]> _salts = new(MaxSalts);
    private readonly ConcurrentQueue<RecentPrompt> _waiting = new();
    private int _isWorking;
    private int _spent;
    private long _second;

    /// <summary>How many digests are held, for tests of the bound.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ends.Count + _forms.Count + _salts.Count;
            }
        }
    }

    /// <summary>A prompt was recorded.</summary>
    public void Note(string tenant, SegmentList segments, BlockChain chain, TimeSpan ttl)
    {
        if (_waiting.Count >= MaxWaiting || !HasBudget())
        {
            return;
        }

        var pieces = new List<(int, ByteRange)>();
        var texts = new PooledBytes();
        lock (_gate)
        {
            for (var i = segments.Count - 1; i >= 0 && !_ends.Contains(EndOf(chain, i)); i--)
            {
                var text = segments.TextOf(segments[i]);
                if (!text.IsEmpty && texts.Length + text.Length <= MaxCopied)
                {
                    pieces.Add((i, new ByteRange(texts.Length, text.Length)));
                    texts.Write(text);
                }
            }
        }

        Interlocked.Add(ref _spent, texts.Length + PromptBytes);
        _waiting.Enqueue(new RecentPrompt(chain, tenant, texts, pieces, LevelStarts.Of(segments), segments.SystemSalt.ToArray(), segments.MessagesSalt.ToArray(), new RecentEnd(time.GetUtcNow(), ttl)));
        if (_waiting.Count >= Batch && Interlocked.Exchange(ref _isWorking, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static recents => recents.Work(), this, preferLocal: false);
        }
    }

    private bool HasBudget()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, second) != second)
        {
            Volatile.Write(ref _spent, 0);
        }

        return Volatile.Read(ref _spent) < MaxPerSecond;
    }

    /// <summary>Digests everything that waits, now.</summary>
    public void Drain()
    {
        lock (_draining)
        {
            while (_waiting.TryDequeue(out var prompt))
            {
                using (prompt)
                {
                    Digest(prompt);
                }
            }
        }
    }

    /// <summary>When the prefix that ends with a segment was last recorded; null: not as far as is remembered.</summary>
    public RecentEnd? EndSeen(BlockChain chain, int segment)
    {
        lock (_gate)
        {
            return _ends.TryGet(EndOf(chain, segment), out var seen) ? seen : null;
        }
    }

    /// <summary>The forms in which a text is remembered, each with the time.</summary>
    public IReadOnlyList<(LooseForm Form, DateTimeOffset At)> FormsSeen(string tenant, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        var forms = LooseForms.Of(ScopeOf(tenant), text);
        var seen = new List<(LooseForm, DateTimeOffset)>();
        lock (_gate)
        {
            foreach (var (form, digest) in forms)
            {
                if (_forms.TryGet(digest, out var at))
                {
                    seen.Add((form, at));
                }
            }
        }

        return seen;
    }

    /// <summary>The parameters in which the same beginning of a level was seen otherwise; empty: in none, or it was not seen.</summary>
    /// <param name="tenant">Whose prompt it is.</param>
    /// <param name="segments">The prompt.</param>
    /// <param name="chain">The same as a chain.</param>
    /// <param name="first">The segment with which the level begins.</param>
    public IReadOnlyList<string> ParametersThatDiffer(string tenant, SegmentList segments, BlockChain chain, int first)
    {
        var scope = ScopeOf(tenant);
        var isSystem = segments[first].Level == SegmentLevel.System;
        var key = StartOf(scope, chain, isSystem ? chain.ToolsEnd : chain.SystemEnd, segments.TextOf(segments[first]));
        var fields = LevelSalt.Read(scope, segments.SystemSalt.ToArray(), isSystem ? [] : segments.MessagesSalt.ToArray());
        lock (_gate)
        {
            return _salts.TryGet(key, out var seen) ? [.. LevelSalt.Differences(seen, fields)] : [];
        }
    }

    private static ulong EndOf(BlockChain chain, int segment) => BinaryPrimitives.ReadUInt64LittleEndian(chain.HashOf(chain.SegmentEnds[segment] - 1));

    /// <summary>Where a level begins: the blocks before it, and its first text.</summary>
    private static ulong StartOf(ReadOnlySpan<byte> scope, BlockChain chain, int before, ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[BlockChain.HashSize + sizeof(ulong)];
        key.Clear();
        if (before > 0)
        {
            chain.HashOf(before - 1).CopyTo(key);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(key, chain.RootTag);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(key[BlockChain.HashSize..], LooseForms.Digest(scope, (byte)LooseForm.Exact, text));
        return LooseForms.Digest(scope, 32, key);
    }

    private void Work()
    {
        do
        {
            Drain();
            Volatile.Write(ref _isWorking, 0);
        }
        while (_waiting.Count >= Batch && Interlocked.Exchange(ref _isWorking, 1) == 0);
    }

    private void Digest(RecentPrompt prompt)
    {
        var scope = ScopeOf(prompt.Tenant);
        var texts = prompt.Texts.Span;
        var forms = new List<(LooseForm Form, ulong Digest)>();
        var salts = new List<(ulong Start, ulong[] Fields)>();
        foreach (var (segment, text) in prompt.Pieces)
        {
            forms.AddRange(LooseForms.Of(scope, text.Of(texts)));
            if (segment == prompt.Starts.System)
            {
                salts.Add((StartOf(scope, prompt.Chain, prompt.Chain.ToolsEnd, text.Of(texts)), LevelSalt.Read(scope, prompt.SystemSalt)));
            }
            else if (segment == prompt.Starts.Messages)
            {
                salts.Add((StartOf(scope, prompt.Chain, prompt.Chain.SystemEnd, text.Of(texts)), LevelSalt.Read(scope, prompt.SystemSalt, prompt.MessagesSalt)));
            }
        }

        lock (_gate)
        {
            for (var i = 0; i < prompt.Chain.SegmentEnds.Length; i++)
            {
                _ends.Set(EndOf(prompt.Chain, i), prompt.Seen);
            }

            foreach (var (_, digest) in forms)
            {
                _forms.Set(digest, prompt.Seen.At);
            }

            foreach (var (start, fields) in salts)
            {
                _salts.Set(start, fields);
            }
        }
    }

    private byte[] ScopeOf(string tenant) => HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes("promptcache explain\0" + tenant));
}
