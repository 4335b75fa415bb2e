using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>Pieces that are no token of their own, to tokens. Holds buffers, so one caller at a time owns it.</summary>
internal sealed class Merger(RankTable ranks, Vocabulary vocabulary)
{
    private const int Window = ShortMerger.MaxLength;
    private const int MostKept = 64 << 10;

    private readonly PieceCache _cache = new();
    private readonly ShortMerger _short = new(ranks);
    private readonly LongMerger _long = new(ranks, vocabulary, Window);

    /// <summary>Whether it is worth keeping: buffers that one hostile piece made huge are not kept for good.</summary>
    public bool IsSmall => _long.Capacity <= MostKept;

    /// <summary>Appends the piece's tokens to <paramref name="tokens"/>, if there is such a list.</summary>
    /// <returns>How many tokens the piece has.</returns>
    public int Merge(ReadOnlySpan<byte> text, int start, int length, List<int>? tokens)
    {
        if (length > ShortMerger.MaxLength)
        {
            return _long.Merge(text.Slice(start, length), tokens);
        }

        if (length > PieceKey.MaxLength)
        {
            return Emit(_short.Merge(text, start, length), tokens);
        }

        var key = PieceKey.Load(text, start, length);
        var known = _cache.Find(key, length);
        if (known.IsEmpty)
        {
            known = _short.Merge(text, start, length);
            _cache.Keep(key, length, known);
        }

        return Emit(known, tokens);
    }

    private static int Emit(ReadOnlySpan<int> found, List<int>? tokens)
    {
        tokens?.AddRange(found);
        return found.Length;
    }
}
