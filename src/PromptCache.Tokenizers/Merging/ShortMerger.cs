using System.Numerics;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>
/// Byte-pair merging by plain search for the lowest rank. Quadratic, but a vector's worth of parts is compared at once:
/// for pieces of up to a few hundred bytes that is faster than any heap.
/// </summary>
internal sealed class ShortMerger(RankTable ranks)
{
    /// <summary>The longest piece it takes, in bytes.</summary>
    public const int MaxLength = 1 << PositionBits;

    private const int PositionBits = 8;   // ranks have fewer than 31 - 8 bits

    // A part stands at its first byte's index. A merge is (rank, index) in one number: the least one is the lowest rank, leftmost.
    private readonly int[] _merges = new int[MaxLength + Vector<int>.Count];
    private readonly int[] _ends = new int[MaxLength];
    private readonly int[] _previous = new int[MaxLength + 1];
    private readonly int[] _tokens = new int[MaxLength];

    /// <summary>The tokens of a piece within a text. Valid until the next call.</summary>
    public ReadOnlySpan<int> Merge(ReadOnlySpan<byte> text, int start, int length)
    {
        var piece = text.Slice(start, length);
        var padded = (length + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        var merges = _merges.AsSpan(0, padded);
        var ends = _ends.AsSpan(0, length);
        var previous = _previous.AsSpan(0, length + 1);
        var tokens = _tokens.AsSpan(0, length);
        for (var i = 0; i < piece.Length; i++)
        {
            ends[i] = i + 1;
            previous[i] = i - 1;
            tokens[i] = ranks.OfByte(piece[i]);
            merges[i] = i + 1 < piece.Length ? Pack(ranks.OfPair(piece[i], piece[i + 1]), i) : RankTable.None;
        }

        merges[length..].Fill(RankTable.None);
        while (Least(merges) is var least && least != RankTable.None)
        {
            var at = least & (MaxLength - 1);
            var swallowed = ends[at];
            tokens[at] = least >> PositionBits;
            merges[swallowed] = RankTable.None;
            ends[at] = ends[swallowed];
            previous[ends[at]] = at;
            merges[at] = ends[at] < length ? Pack(ranks.Find(text, start + at, ends[ends[at]] - at), at) : RankTable.None;
            if (previous[at] is var before && before >= 0)
            {
                merges[before] = Pack(ranks.Find(text, start + before, ends[at] - before), before);
            }
        }

        var count = 0;
        for (var i = 0; i < length; i = ends[i])
        {
            tokens[count++] = tokens[i];
        }

        return tokens[..count];
    }

    private static int Pack(int rank, int position) => rank == RankTable.None ? RankTable.None : (rank << PositionBits) | position;

    private static int Least(ReadOnlySpan<int> merges)
    {
        var least = new Vector<int>(merges);
        for (var rest = merges[Vector<int>.Count..]; !rest.IsEmpty; rest = rest[Vector<int>.Count..])
        {
            least = Vector.Min(least, new Vector<int>(rest));
        }

        var lowest = least[0];
        for (var i = 1; i < Vector<int>.Count; i++)
        {
            lowest = Math.Min(lowest, least[i]);
        }

        return lowest;
    }
}
