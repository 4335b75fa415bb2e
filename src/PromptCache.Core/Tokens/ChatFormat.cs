namespace PromptCache.Core.Tokens;

/// <summary>What the chat format adds to the text, as OpenAI's cookbook documents it ("How to count tokens with tiktoken").</summary>
/// <param name="TokensPerMessage">Added for every message, beside its role's own tokens.</param>
/// <param name="TokensPerName">Added when a message has a name.</param>
/// <param name="ReplyPriming">Added once: every reply is primed with <c>assistant</c>.</param>
/// <param name="FunctionInit">Added for every tool definition: 7 for o200k_base models, 10 for cl100k_base models.</param>
public sealed record ChatFormat(int TokensPerMessage, int TokensPerName, int ReplyPriming, int FunctionInit)
{
    public static ChatFormat O200k { get; } = new(TokensPerMessage: 3, TokensPerName: 1, ReplyPriming: 3, FunctionInit: 7);

    public static ChatFormat Cl100k { get; } = new(TokensPerMessage: 3, TokensPerName: 1, ReplyPriming: 3, FunctionInit: 10);
}
