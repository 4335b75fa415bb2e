using System.Runtime.InteropServices;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>Byte-pair merging with a heap over a linked list: n log n in the piece's length.</summary>
internal sealed class HeapMerger(RankTable ranks)
{
    private readonly MergeHeap _heap = new();
    private Part[] _parts = new Part[256];

    /// <summary>The longest piece that it has room for.</summary>
    public int Capacity => Math.Max(_parts.Length, _heap.Capacity);

    /// <summary>Appends the tokens of a piece to <paramref name="tokens"/>.</summary>
    public void Merge(ReadOnlySpan<byte> piece, List<int> tokens)
    {
        if (_parts.Length < piece.Length)
        {
            _parts = new Part[piece.Length];
        }

        var parts = _parts.AsSpan(0, piece.Length);
        _heap.Clear();
        for (var i = 0; i < parts.Length; i++)
        {
            var merged = i + 1 < parts.Length ? ranks.OfPair(piece[i], piece[i + 1]) : RankTable.None;
            parts[i] = new() { Previous = i - 1, End = i + 1, Token = ranks.OfByte(piece[i]), Merged = merged };
            if (merged != RankTable.None)
            {
                _heap.Append(merged, i);
            }
        }

        _heap.Order();
        while (_heap.TryPop(out var rank, out var at))
        {
            ref var part = ref parts[at];
            if (part.Merged != rank)
            {
                continue;   // what this entry speaks of has been merged otherwise
            }

            ref var swallowed = ref parts[part.End];
            swallowed.Merged = RankTable.None;
            part.Token = rank;
            part.End = swallowed.End;
            if (part.End < parts.Length)
            {
                parts[part.End].Previous = at;
            }

            Offer(piece, parts, at);
            if (part.Previous >= 0)
            {
                Offer(piece, parts, part.Previous);
            }
        }

        for (var i = 0; i < parts.Length; i = parts[i].End)
        {
            tokens.Add(parts[i].Token);
        }
    }

    private void Offer(ReadOnlySpan<byte> piece, Span<Part> parts, int at)
    {
        ref var part = ref parts[at];
        part.Merged = part.End < parts.Length ? ranks.Find(piece, at, parts[part.End].End - at) : RankTable.None;
        if (part.Merged != RankTable.None)
        {
            _heap.Push(part.Merged, at);
        }
    }

    // A part stands at its first byte's index and ends where the next one begins.
    [StructLayout(LayoutKind.Auto)]
    private struct Part
    {
        public int Previous;
        public int End;
        public int Token;
        public int Merged;   // the rank of this part joined with the next
    }
}
