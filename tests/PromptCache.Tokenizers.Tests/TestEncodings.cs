using System.Text;
using PromptCache.Core.Tokens;

namespace PromptCache.Tokenizers.Tests;

/// <summary>The encodings through their public door, and the shapes tests ask for.</summary>
internal static class TestEncodings
{
    private static readonly TokenizerCatalog Catalog = new();

    public static TheoryData<string> Names => new("o200k_base", "cl100k_base");

    public static ITokenizer Get(string name) => Catalog.TryGetEncoding(name, out var tokenizer) ? tokenizer : throw new ArgumentException(name);

    public static int[] Encode(this ITokenizer tokenizer, ReadOnlySpan<byte> utf8)
    {
        var ids = new List<int>();
        tokenizer.Encode(utf8, ids);
        return [.. ids];
    }

    public static int[] Encode(this ITokenizer tokenizer, string text) => tokenizer.Encode(Encoding.UTF8.GetBytes(text));
}
