namespace PromptCache.Core.Tokens;

/// <summary>Text to tokens. Thread-safe. So narrow that another library's tokenizer fits behind it in twenty lines.</summary>
public interface ITokenizer
{
    /// <summary>The encoding's name, such as <c>o200k_base</c>. It is part of the chain's root.</summary>
    string Name { get; }

    /// <summary>Counts the tokens of UTF-8 text. Special-token text is text; invalid UTF-8 counts as U+FFFD.</summary>
    int Count(ReadOnlySpan<byte> utf8);

    /// <summary>Appends the token ids of UTF-8 text to <paramref name="ids"/>.</summary>
    void Encode(ReadOnlySpan<byte> utf8, List<int> ids);

    /// <summary>The last position at or before <paramref name="near"/> (and above 0) at which the text can be cut without changing any token; 0 when there is none.</summary>
    int FindSafeCut(ReadOnlySpan<byte> utf8, int near);
}
