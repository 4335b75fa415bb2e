namespace PromptCache.Tokenizers;

/// <summary>
/// Which published vocabulary a model was trained with. Names as in OpenAI's own table (github.com/openai/tiktoken, tiktoken/model.py, MIT);
/// the families after it follow its newest entry. A trailing <c>*</c> stands for any rest; the first match wins.
/// </summary>
internal static class ModelFamilies
{
    private static readonly (string Pattern, string Encoding)[] Table =
    [
        ("gpt-4o", ShippedEncodings.O200kName),
        ("gpt-4o-*", ShippedEncodings.O200kName),
        ("chatgpt-4o-*", ShippedEncodings.O200kName),
        ("gpt-4.1", ShippedEncodings.O200kName),
        ("gpt-4.1-*", ShippedEncodings.O200kName),
        ("gpt-4.5-*", ShippedEncodings.O200kName),
        ("gpt-5", ShippedEncodings.O200kName),
        ("gpt-5-*", ShippedEncodings.O200kName),
        ("gpt-5.*", ShippedEncodings.O200kName),
        ("gpt-6", ShippedEncodings.O200kName),
        ("gpt-6-*", ShippedEncodings.O200kName),
        ("gpt-6.*", ShippedEncodings.O200kName),
        ("o1", ShippedEncodings.O200kName),
        ("o1-*", ShippedEncodings.O200kName),
        ("o3", ShippedEncodings.O200kName),
        ("o3-*", ShippedEncodings.O200kName),
        ("o4-*", ShippedEncodings.O200kName),
        ("codex-mini-*", ShippedEncodings.O200kName),   // o4-mini, tuned
        ("gpt-oss", ShippedEncodings.O200kName),        // o200k_harmony: the same ranks for text, other special tokens
        ("gpt-oss-*", ShippedEncodings.O200kName),
        ("gpt-4", ShippedEncodings.Cl100kName),
        ("gpt-4-*", ShippedEncodings.Cl100kName),
        ("gpt-3.5", ShippedEncodings.Cl100kName),
        ("gpt-3.5-*", ShippedEncodings.Cl100kName),
        ("gpt-35-turbo", ShippedEncodings.Cl100kName),   // Azure's spelling
        ("gpt-35-turbo-*", ShippedEncodings.Cl100kName),
        ("text-embedding-ada-002", ShippedEncodings.Cl100kName),
        ("text-embedding-3-*", ShippedEncodings.Cl100kName),
        ("davinci-002", ShippedEncodings.Cl100kName),
        ("babbage-002", ShippedEncodings.Cl100kName),
    ];

    /// <summary>The encoding of a model, or null where none is published.</summary>
    /// <param name="model">As a client writes it: <c>gpt-4o</c>, <c>openai/gpt-4o-2024-08-06</c>, <c>ft:gpt-4o-mini:acme::abc123</c>.</param>
    public static string? EncodingOf(string model)
    {
        var name = BaseName(model);
        foreach (var (pattern, encoding) in Table)
        {
            var matches = pattern[^1] == '*'
                ? name.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
                : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
            if (matches)
            {
                return encoding;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> BaseName(ReadOnlySpan<char> model)
    {
        model = model.Trim();
        var tuned = model.IndexOf("ft:", StringComparison.OrdinalIgnoreCase);
        if (tuned == 0 || (tuned > 0 && model[tuned - 1] == '/'))
        {
            model = model[(tuned + 3)..];
            return CutAtColon(model);
        }

        // A vendor's prefix goes, and so does a router's suffix ("openai/gpt-4o:extended").
        model = CutAtColon(model);
        return model[(model.LastIndexOf('/') + 1)..];
    }

    private static ReadOnlySpan<char> CutAtColon(ReadOnlySpan<char> name)
        => name.IndexOf(':') is var colon and >= 0 ? name[..colon] : name;
}
