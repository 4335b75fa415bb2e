using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>Byte-pair merging by plain search for the lowest rank: the fastest way for pieces of a few dozen bytes, and quadratic beyond them.</summary>
internal sealed class ShortMerger(RankTable ranks)
{
    /// <summary>The longest piece it takes, in bytes.</summary>
    public const int MaxLength = 96;

    private readonly int[] _starts = new int[MaxLength + 1];
    private readonly int[] _tokens = new int[MaxLength];
    private readonly int[] _merged = new int[MaxLength + 1];   // the rank of part i joined with part i + 1

    /// <summary>The tokens of a piece. Valid until the next call.</summary>
    public ReadOnlySpan<int> Merge(ReadOnlySpan<byte> piece)
    {
        var count = piece.Length;
        var starts = _starts.AsSpan(0, count + 1);
        var tokens = _tokens.AsSpan(0, count);
        var merged = _merged.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            starts[i] = i;
            tokens[i] = ranks.OfByte(piece[i]);
            merged[i] = i + 1 < count ? ranks.OfPair(piece[i], piece[i + 1]) : RankTable.None;
        }

        starts[count] = count;
        while (true)
        {
            var lowest = RankTable.None;
            var at = 0;
            for (var i = 0; i < count; i++)
            {
                if (merged[i] < lowest)
                {
                    lowest = merged[i];
                    at = i;
                }
            }

            if (lowest == RankTable.None)
            {
                return tokens[..count];
            }

            tokens[at] = lowest;
            tokens[(at + 2)..count].CopyTo(tokens[(at + 1)..]);
            starts[(at + 2)..(count + 1)].CopyTo(starts[(at + 1)..]);
            merged[(at + 2)..count].CopyTo(merged[(at + 1)..]);
            count--;
            merged[at] = Rank(piece, starts, at, count);
            if (at > 0)
            {
                merged[at - 1] = Rank(piece, starts, at - 1, count);
            }
        }
    }

    private int Rank(ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, int part, int count)
        => part + 1 < count ? ranks.Find(piece, starts[part], starts[part + 2] - starts[part]) : RankTable.None;
}
