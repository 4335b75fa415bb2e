namespace PromptCache.Tokenizers.PreTokenizers;

/// <summary><c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c></summary>
internal static class Contraction
{
    /// <summary>The end of the contraction at <paramref name="position"/>; the position itself when there is none.</summary>
    public static int End(ReadOnlySpan<byte> text, int position)
    {
        if ((uint)position >= (uint)text.Length || text[position] != '\'')
        {
            return position;
        }

        // The long s (U+017F) is an s to a pattern that ignores case.
        return text[(position + 1)..] switch
        {
            [(byte)'s' or (byte)'S' or (byte)'t' or (byte)'T' or (byte)'m' or (byte)'M' or (byte)'d' or (byte)'D', ..] => position + 2,
            [(byte)'r' or (byte)'R' or (byte)'v' or (byte)'V', (byte)'e' or (byte)'E', ..] => position + 3,
            [(byte)'l' or (byte)'L', (byte)'l' or (byte)'L', ..] => position + 3,
            [0xC5, 0xBF, ..] => position + 3,
            _ => position,
        };
    }
}
