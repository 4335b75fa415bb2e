namespace PromptCache.Tokenizers.PreTokenizers;

/// <summary>Cuts text into the pieces that no merge crosses: one regular expression, written by hand.</summary>
internal interface IPieceScanner
{
    /// <summary>The end of the piece that begins at <paramref name="start"/>; always beyond it.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="start">A position within it, at which a piece ended.</param>
    static abstract int NextEnd(ReadOnlySpan<byte> text, int start);
}
