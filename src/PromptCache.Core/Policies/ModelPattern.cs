namespace PromptCache.Core.Policies;

/// <summary>Model names are spelled in many ways: <c>claude-haiku-4.5</c>, <c>anthropic/claude-haiku-4-5@20251001</c>. A pattern means them all.</summary>
internal static class ModelPattern
{
    private const int StackChars = 128;

    /// <summary>Whether the pattern means the model, with or without its vendor prefix.</summary>
    public static bool Matches(string pattern, string model)
    {
        var folded = Fold(pattern, stackalloc char[StackChars]);
        var name = Fold(model, stackalloc char[StackChars]);
        return Like(folded, name) || (name.LastIndexOf('/') is var slash and >= 0 && Like(folded, name[(slash + 1)..]));
    }

    private static ReadOnlySpan<char> Fold(string text, Span<char> buffer)
    {
        var folded = text.Length <= buffer.Length ? buffer[..text.Length] : new char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            folded[i] = text[i] is '.' or '_' or '@' or ':' ? '-' : char.ToLowerInvariant(text[i]);
        }

        return folded;
    }

    private static bool Like(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (p, n, star, retry) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, retry) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim('*').IsEmpty;
    }
}
