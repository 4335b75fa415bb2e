using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Core.Tokens;

/// <summary>Knows which encoding a model uses.</summary>
public interface ITokenizerCatalog
{
    /// <summary>The model's own encoding where it ships, else <c>o200k_base</c> as an estimate.</summary>
    ModelTokenizer ForModel(string model);

    /// <summary>An encoding by its name.</summary>
    bool TryGetEncoding(string name, [NotNullWhen(true)] out ITokenizer? tokenizer);

    /// <summary>The names of the encodings that ship.</summary>
    IReadOnlyList<string> Encodings { get; }
}
