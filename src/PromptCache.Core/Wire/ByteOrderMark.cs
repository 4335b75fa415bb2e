namespace PromptCache.Core.Wire;

/// <summary>The byte order mark that some servers put in front of JSON, and that clients skip.</summary>
public static class ByteOrderMark
{
    /// <summary>A text without its mark.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text) => text.StartsWith("\uFEFF"u8) ? text[3..] : text;
}
