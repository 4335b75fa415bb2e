using System.Runtime.InteropServices;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>
/// Merges a piece of any length window by window, so that a megabyte without a space needs neither a megabyte's heap nor its cache misses.
/// Two token sequences may be put together when the two tokens at the joint, merged as one text, stay those two tokens: which merges
/// happen on one side of a joint does not depend on what stands beyond its token, so none ever crosses the joint.
/// </summary>
/// <param name="ranks">Bytes to rank.</param>
/// <param name="vocabulary">Rank to bytes.</param>
/// <param name="window">How many bytes are merged at once; at least twice the longest token.</param>
internal sealed class LongMerger(RankTable ranks, Vocabulary vocabulary, int window)
{
    private const int JointsTried = 8;

    private readonly ShortMerger _short = new(ranks);
    private readonly HeapMerger _heap = new(ranks);
    private List<int> _current = [];
    private List<int> _next = [];

    /// <summary>The most that it has had to merge at once, in bytes, about.</summary>
    public int Capacity => Math.Max(_heap.Capacity, Math.Max(_current.Capacity, _next.Capacity));

    /// <summary>Appends the tokens of a piece to <paramref name="tokens"/>, and does not hold them if there is no list: then they are only counted.</summary>
    /// <returns>How many tokens the piece has.</returns>
    public int Merge(ReadOnlySpan<byte> piece, List<int>? tokens)
    {
        var size = window;
        var total = 0;
        var start = 0;
        MergeWindow(piece, start, size, _current);
        while (piece.Length - start > size)
        {
            if (TryJoin(piece, start, size, out var kept, out var nextStart))
            {
                total += Emit(CollectionsMarshal.AsSpan(_current)[..kept], tokens);
                start = nextStart;
                (_current, _next) = (_next, _current);
                size = window;
            }
            else
            {
                // No joint near the end holds: merge from the same start over twice as much, which at worst is the whole piece.
                size = size > piece.Length / 2 ? piece.Length : size * 2;
                MergeWindow(piece, start, size, _current);
            }
        }

        return total + Emit(CollectionsMarshal.AsSpan(_current), tokens);
    }

    private static int Emit(ReadOnlySpan<int> found, List<int>? tokens)
    {
        tokens?.AddRange(found);
        return found.Length;
    }

    private void MergeWindow(ReadOnlySpan<byte> piece, int start, int size, List<int> into)
    {
        into.Clear();
        var length = Math.Min(size, piece.Length - start);
        if (length <= ShortMerger.MaxLength)
        {
            into.AddRange(_short.Merge(piece, start, length));
        }
        else
        {
            _heap.Merge(piece.Slice(start, length), into);
        }
    }

    /// <summary>Looks, from the window's end, for a token after which the rest of the piece can be merged on its own.</summary>
    private bool TryJoin(ReadOnlySpan<byte> piece, int start, int size, out int kept, out int nextStart)
    {
        kept = _current.Count;
        nextStart = start + size;
        for (var tried = 0; tried < JointsTried && kept > 1; tried++)
        {
            kept--;
            nextStart -= vocabulary[_current[kept]].Length;
            MergeWindow(piece, nextStart, window, _next);
            if (Holds(_current[kept - 1], _next[0]))
            {
                return true;
            }
        }

        return false;
    }

    private bool Holds(int left, int right)
    {
        // Two tokens of at most 128 bytes each are a short piece.
        var leftBytes = vocabulary[left];
        var rightBytes = vocabulary[right];
        Span<byte> pair = stackalloc byte[ShortMerger.MaxLength];
        leftBytes.CopyTo(pair);
        rightBytes.CopyTo(pair[leftBytes.Length..]);
        return _short.Merge(pair, 0, leftBytes.Length + rightBytes.Length).SequenceEqual([left, right]);
    }
}
