using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Tokens;

namespace PromptCache.Tokenizers;

/// <summary>The encodings that ship, and which model uses which. Thread-safe; a vocabulary is loaded when it is first asked for, once per process.</summary>
public sealed class TokenizerCatalog : ITokenizerCatalog
{
    private static readonly Lazy<ModelTokenizer> ExactO200k = new(() => new(ShippedEncodings.O200k, Exact: true, ChatFormat.O200k));
    private static readonly Lazy<ModelTokenizer> ExactCl100k = new(() => new(ShippedEncodings.Cl100k, Exact: true, ChatFormat.Cl100k));
    private static readonly Lazy<ModelTokenizer> Estimate = new(() => new(ShippedEncodings.O200k, Exact: false, ChatFormat.O200k));

    /// <inheritdoc/>
    public IReadOnlyList<string> Encodings { get; } = [ShippedEncodings.O200kName, ShippedEncodings.Cl100kName];

    /// <inheritdoc/>
    public ModelTokenizer ForModel(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelFamilies.EncodingOf(model) switch
        {
            ShippedEncodings.O200kName => ExactO200k.Value,
            ShippedEncodings.Cl100kName => ExactCl100k.Value,
            _ => Estimate.Value,
        };
    }

    /// <inheritdoc/>
    public bool TryGetEncoding(string name, [NotNullWhen(true)] out ITokenizer? tokenizer)
    {
        tokenizer = name switch
        {
            ShippedEncodings.O200kName => ShippedEncodings.O200k,
            ShippedEncodings.Cl100kName => ShippedEncodings.Cl100k,
            _ => null,
        };
        return tokenizer is not null;
    }
}
