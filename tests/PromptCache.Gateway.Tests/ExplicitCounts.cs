using System.Text;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Tests;

/// <summary>Token counts of plain texts.</summary>
internal static class ExplicitCounts
{
    private static readonly TokenizerCatalog Catalog = new();

    public static long Tokens(string text) => Catalog.ForModel("electron").Tokenizer.Count(Encoding.UTF8.GetBytes(text));
}
