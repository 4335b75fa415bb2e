using PromptCache.Tokenizers.Unicode;

namespace PromptCache.Tokenizers.PreTokenizers;

/// <summary>
/// The pattern of o200k_base, with U for <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>, W for <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c> and C for the optional contraction:
/// <c>[^\r\n\p{L}\p{N}]?U*W+C|[^\r\n\p{L}\p{N}]?U+W*C|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// </summary>
internal readonly struct O200kScanner : IPieceScanner
{
    /// <inheritdoc/>
    public static int NextEnd(ReadOnlySpan<byte> text, int start)
    {
        var found = CharacterClasses.At(text, start, out var length);
        if (CharacterClass.IsIn(found, CharacterClass.Letters))
        {
            var cased = WordEnd(text, start, out var upper);
            return Contraction.End(text, cased > 0 ? cased : upper);
        }

        if (found == CharacterClass.Number)
        {
            return CommonPieces.NumberEnd(text, start);
        }

        if (found != CharacterClass.Newline)
        {
            var next = start + length;
            var cased = WordEnd(text, next, out var upper);
            if (cased > next)
            {
                return Contraction.End(text, cased);
            }

            if (found == CharacterClass.Mark)
            {
                // The first alternative without its prefix comes before the second: U* gives everything back but the mark, which is the W+.
                return Contraction.End(text, next);
            }

            if (upper > next)
            {
                return Contraction.End(text, upper);
            }

            var end = CommonPieces.SymbolsEnd(text, start);
            if (end > start)
            {
                while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n' or (byte)'/')
                {
                    end++;
                }

                return end;
            }
        }

        return CommonPieces.WhiteSpaceEnd(text, start);
    }

    /// <summary>The end of <c>U*W+</c>, 0 when it does not match; <paramref name="upperEnd"/> is then the end of <c>U+W*</c>, or the start.</summary>
    private static int WordEnd(ReadOnlySpan<byte> text, int start, out int upperEnd)
    {
        var position = start;
        var lastShared = 0;   // the end of the last character that is U and W at once: where U* backtracks to
        while (position < text.Length)
        {
            var found = CharacterClasses.At(text, position, out var length);
            if (found == CharacterClass.Lower)
            {
                upperEnd = start;
                return CharacterClasses.Skip(text, position + length, CharacterClass.WordTail);
            }

            if (!CharacterClass.IsIn(found, CharacterClass.WordHead))
            {
                break;
            }

            position += length;
            if (found != CharacterClass.Upper)
            {
                lastShared = position;
            }
        }

        upperEnd = position;
        return lastShared;
    }
}
