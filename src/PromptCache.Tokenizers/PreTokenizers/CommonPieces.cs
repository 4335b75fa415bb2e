using System.Runtime.CompilerServices;
using PromptCache.Tokenizers.Unicode;

namespace PromptCache.Tokenizers.PreTokenizers;

/// <summary>The alternatives that both patterns share.</summary>
internal static class CommonPieces
{
    /// <summary><c>\p{N}{1,3}</c>, the first number known to be there.</summary>
    public static int NumberEnd(ReadOnlySpan<byte> text, int position)
    {
        for (var count = 0; count < 3 && position < text.Length; count++)
        {
            if (CharacterClasses.At(text, position, out var length) != CharacterClass.Number)
            {
                break;
            }

            position += length;
        }

        return position;
    }

    /// <summary><c> ?[^\s\p{L}\p{N}]+</c>; <paramref name="start"/> itself when it does not match.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SymbolsEnd(ReadOnlySpan<byte> text, int start)
    {
        var first = text[start] == ' ' ? start + 1 : start;
        var end = CharacterClasses.Skip(text, first, CharacterClass.Symbols);
        return end == first ? start : end;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>, the first white space known to be there.</summary>
    public static int WhiteSpaceEnd(ReadOnlySpan<byte> text, int start)
    {
        var lineEnd = start;
        var last = start;
        var position = start;
        while (position < text.Length)
        {
            var found = CharacterClasses.At(text, position, out var length);
            if (!CharacterClass.IsIn(found, CharacterClass.WhiteSpace))
            {
                break;
            }

            last = position;
            position += length;
            if (found == CharacterClass.Newline)
            {
                lineEnd = position;
            }
        }

        if (lineEnd > start)
        {
            return lineEnd;   // through the run's last line break
        }

        // The look-ahead gives the run's last character to the word behind it, unless it is the only one.
        return position == text.Length || last == start ? position : last;
    }
}
