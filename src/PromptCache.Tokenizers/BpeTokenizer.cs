using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers.Merging;
using PromptCache.Tokenizers.PreTokenizers;
using PromptCache.Tokenizers.Unicode;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers;

/// <summary>Byte-level BPE: cuts text into pieces, looks each up whole, merges those that are no token.</summary>
/// <typeparam name="TScanner">The encoding's pattern.</typeparam>
internal sealed class BpeTokenizer<TScanner> : ITokenizer
    where TScanner : struct, IPieceScanner
{
    private readonly RankTable _ranks;
    private readonly ConcurrentBag<Merger> _idle = [];   // as many as were ever busy at once: the calls do nothing but compute

    public BpeTokenizer(string name, Vocabulary vocabulary)
    {
        Name = name;
        Vocabulary = vocabulary;
        _ranks = new(vocabulary);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The tokens, by rank.</summary>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<byte> utf8) => RunSafely(utf8, null);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RunSafely(utf8, ids);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Two rules, the same for both patterns: no alternative holds a line break followed by a letter or digit, nor a
    /// character other than white space followed by a space; and the only look-ahead stands behind white space that ends in no line break.
    /// </remarks>
    public int FindSafeCut(ReadOnlySpan<byte> utf8, int near)
    {
        for (var cut = Math.Min(near, utf8.Length - 1); cut > 0; cut--)
        {
            var isSafe = utf8[cut] == ' '
                ? !CharacterClass.IsIn(ClassBefore(utf8[..cut]), CharacterClass.WhiteSpace)
                : utf8[cut - 1] is (byte)'\n' or (byte)'\r' && CharacterClass.IsIn(ClassAfter(utf8[cut..]), CharacterClass.Letters | (1 << CharacterClass.Number));
            if (isSafe)
            {
                return cut;
            }
        }

        return 0;
    }

    private static int ClassBefore(ReadOnlySpan<byte> utf8)
    {
        _ = Rune.DecodeLastFromUtf8(utf8, out var rune, out _);   // U+FFFD when invalid, as everywhere
        return CharacterClasses.Of(rune.Value);
    }

    private static int ClassAfter(ReadOnlySpan<byte> utf8)
    {
        _ = Rune.DecodeFromUtf8(utf8, out var rune, out _);
        return CharacterClasses.Of(rune.Value);
    }

    private int RunSafely(ReadOnlySpan<byte> utf8, List<int>? ids)
    {
        if (Utf8.IsValid(utf8))
        {
            return Run(utf8, ids);
        }

        using var repaired = RepairedText.From(utf8);
        return Run(repaired.Span, ids);
    }

    private int Run(ReadOnlySpan<byte> text, List<int>? ids)
    {
        Merger? merger = null;
        var count = 0;
        for (var start = 0; start < text.Length;)
        {
            var end = TScanner.NextEnd(text, start);
            var rank = _ranks.Find(text, start, end - start);
            if (rank != RankTable.None)
            {
                ids?.Add(rank);
                count++;
            }
            else
            {
                merger ??= _idle.TryTake(out var idle) ? idle : new(_ranks, Vocabulary);
                count += merger.Merge(text, start, end - start, ids);
            }

            start = end;
        }

        if (merger is { IsSmall: true })
        {
            _idle.Add(merger);
        }

        return count;
    }
}
