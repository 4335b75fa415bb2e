namespace PromptCache.Tokenizers.Unicode;

/// <summary>The classes of characters that the two patterns tell apart. The numbers stand in character-classes.bin.</summary>
internal static class CharacterClass
{
    /// <summary>Punctuation, symbols, controls, everything unassigned.</summary>
    public const int Other = 0;

    /// <summary>Lu and Lt.</summary>
    public const int Upper = 1;

    /// <summary>Ll.</summary>
    public const int Lower = 2;

    /// <summary>Lm and Lo: upper and lower at once, as far as the patterns go.</summary>
    public const int Caseless = 3;

    /// <summary>M: not a letter, but part of a word in o200k_base.</summary>
    public const int Mark = 4;

    /// <summary>N.</summary>
    public const int Number = 5;

    /// <summary>White_Space without CR and LF.</summary>
    public const int Space = 6;

    /// <summary>CR and LF.</summary>
    public const int Newline = 7;

    /// <summary>\p{L}</summary>
    public const int Letters = (1 << Upper) | (1 << Lower) | (1 << Caseless);

    /// <summary>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</summary>
    public const int WordHead = (1 << Upper) | (1 << Caseless) | (1 << Mark);

    /// <summary>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</summary>
    public const int WordTail = (1 << Lower) | (1 << Caseless) | (1 << Mark);

    /// <summary>[^\r\n\p{L}\p{N}]: what may stand once before a word.</summary>
    public const int WordPrefix = (1 << Other) | (1 << Mark) | (1 << Space);

    /// <summary>[^\s\p{L}\p{N}]</summary>
    public const int Symbols = (1 << Other) | (1 << Mark);

    /// <summary>\s</summary>
    public const int WhiteSpace = (1 << Space) | (1 << Newline);

    public static bool IsIn(int characterClass, int set) => ((set >> characterClass) & 1) != 0;
}
