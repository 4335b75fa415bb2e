using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Tokens;

namespace PromptCache.Tokenizers;

/// <summary>The encodings that ship, and which model uses which.</summary>
public sealed class TokenizerCatalog : ITokenizerCatalog
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Encodings => throw new NotSupportedException();

    /// <inheritdoc/>
    public ModelTokenizer ForModel(string model) => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool TryGetEncoding(string name, [NotNullWhen(true)] out ITokenizer? tokenizer) => throw new NotSupportedException();
}
