using PromptCache.Core.Tokens;
using PromptCache.Tokenizers.PreTokenizers;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers;

/// <summary>The encodings that ship; each is loaded on its first use, once per process.</summary>
internal static class ShippedEncodings
{
    public const string O200kName = "o200k_base";
    public const string Cl100kName = "cl100k_base";

    private static readonly Lazy<BpeTokenizer<O200kScanner>> O200kLoader = new(() => new(O200kName, Vocabulary.Read(O200kName + ".bpe")));
    private static readonly Lazy<BpeTokenizer<Cl100kScanner>> Cl100kLoader = new(() => new(Cl100kName, Vocabulary.Read(Cl100kName + ".bpe")));

    public static ITokenizer O200k => O200kLoader.Value;

    public static ITokenizer Cl100k => Cl100kLoader.Value;
}
