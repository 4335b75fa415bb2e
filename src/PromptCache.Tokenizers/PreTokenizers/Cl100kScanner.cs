using PromptCache.Tokenizers.Unicode;

namespace PromptCache.Tokenizers.PreTokenizers;

/// <summary>
/// The pattern of cl100k_base:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// </summary>
internal readonly struct Cl100kScanner : IPieceScanner
{
    /// <inheritdoc/>
    public static int NextEnd(ReadOnlySpan<byte> text, int start)
    {
        var found = CharacterClasses.At(text, start, out var length);
        if (CharacterClass.IsIn(found, CharacterClass.Letters))
        {
            return CharacterClasses.Skip(text, start + length, CharacterClass.Letters);
        }

        if (found == CharacterClass.Number)
        {
            return CommonPieces.NumberEnd(text, start);
        }

        if (Contraction.End(text, start) is var contraction && contraction > start)
        {
            return contraction;
        }

        if (found != CharacterClass.Newline)
        {
            var next = start + length;
            var end = CharacterClasses.Skip(text, next, CharacterClass.Letters);
            if (end > next)
            {
                return end;
            }

            end = CommonPieces.SymbolsEnd(text, start);
            if (end > start)
            {
                while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n')
                {
                    end++;
                }

                return end;
            }
        }

        return CommonPieces.WhiteSpaceEnd(text, start);
    }
}
