namespace PromptCache.Gateway.Explain;

/// <summary>The longest known prefix.</summary>
/// <param name="Store">answered, or why there is no answer.</param>
/// <param name="Blocks">In blocks.</param>
/// <param name="Tokens">In tokens by our count.</param>
/// <param name="Segment">The last segment that is known to its end; -1: none.</param>
internal sealed record ExplainMatch(string Store, int Blocks, int Tokens, int Segment);
