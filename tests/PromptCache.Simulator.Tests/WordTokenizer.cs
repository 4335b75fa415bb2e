using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Tokens;

namespace PromptCache.Simulator.Tests;

/// <summary>One token per word, the space in front of it included: counts that a test can do in its head.</summary>
internal sealed class WordTokenizer : ITokenizer, ITokenizerCatalog
{
    public static ModelTokenizer Model { get; } = new(new WordTokenizer(), Exact: true, ChatFormat.O200k);

    public string Name => "words";

    public IReadOnlyList<string> Encodings => [Name];

    public ModelTokenizer ForModel(string model) => Model;

    public bool TryGetEncoding(string name, [NotNullWhen(true)] out ITokenizer? tokenizer)
    {
        tokenizer = this;
        return true;
    }

    public int Count(ReadOnlySpan<byte> utf8)
    {
        var ids = new List<int>();
        Encode(utf8, ids);
        return ids.Count;
    }

    public void Encode(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        while (utf8.Length > 0)
        {
            var next = utf8[1..].IndexOf((byte)' ');
            var word = next < 0 ? utf8 : utf8[..(next + 1)];
            var hash = new HashCode();
            hash.AddBytes(word);
            ids.Add(hash.ToHashCode());
            utf8 = utf8[word.Length..];
        }
    }

    public int FindSafeCut(ReadOnlySpan<byte> utf8, int near) => utf8[..Math.Min(near, utf8.Length)].LastIndexOf((byte)' ') is > 0 and var cut ? cut : 0;
}
