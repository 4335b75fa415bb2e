namespace PromptCache.Core.Tokens;

/// <summary>How the tokens of one model are counted.</summary>
/// <param name="Tokenizer">The encoding.</param>
/// <param name="Exact">Whether it is the model's own vocabulary; otherwise every count is an estimate.</param>
/// <param name="Format">The chat format's overhead.</param>
public sealed record ModelTokenizer(ITokenizer Tokenizer, bool Exact, ChatFormat Format);
