namespace PromptCache.Core.Pricing;

/// <summary>What a name resolved to; remembered, so that a request pays for it once per model.</summary>
/// <param name="Price">Null: the book does not know the model.</param>
/// <param name="Explanation">How it was found, for people.</param>
internal sealed record PriceResolution(ModelPrice? Price, string Explanation);
