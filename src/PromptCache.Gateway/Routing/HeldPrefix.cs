namespace PromptCache.Gateway.Routing;

/// <summary>What a provider holds of a conversation since its last turn, and how long that turn was.</summary>
/// <param name="Provider">Who served the turn.</param>
/// <param name="Model">The model's name there: another model has a cache of its own.</param>
/// <param name="Tokens">The prompt's tokens that can be read there from now on.</param>
/// <param name="Explicit">Whether a marker put it there: some have a price of its own for that.</param>
/// <param name="PromptTokens">All tokens of the prompt.</param>
/// <param name="CompletionTokens">What was answered.</param>
/// <param name="BodyBytes">The length of the request: tells how much the next prompt has grown without counting it.</param>
internal sealed record HeldPrefix(string Provider, string Model, long Tokens, bool Explicit, long PromptTokens, long CompletionTokens, long BodyBytes)
{
    /// <summary>The tokens of a prompt of the same kind, by its length.</summary>
    public long PromptTokensOf(long bodyBytes) => (long)((Int128)PromptTokens * bodyBytes / Math.Max(BodyBytes, 1));

    public bool IsAt(RouteTarget target)
        => target.Provider.Name.Equals(Provider, StringComparison.OrdinalIgnoreCase) && target.Model.Equals(Model, StringComparison.Ordinal);
}
