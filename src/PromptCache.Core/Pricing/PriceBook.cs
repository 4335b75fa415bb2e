using PromptCache.Core.Usage;

namespace PromptCache.Core.Pricing;

/// <summary>What models cost: the user's entries over the shipped book. Immutable.</summary>
public sealed class PriceBook
{
    /// <summary>Prices one request.</summary>
    /// <param name="query">Which model, how.</param>
    /// <param name="usage">The counts.</param>
    /// <param name="writeMultiplier">Price of a default write over the input price where the book has none; the cache policy's.</param>
    /// <param name="write1hMultiplier">The same for a one-hour write.</param>
    /// <param name="readMultiplier">The same for a read; null: a model without a read price pays the input price for reads.</param>
    public CostDetails Cost(in PriceQuery query, TokenUsage usage, decimal writeMultiplier = 1m, decimal write1hMultiplier = 1m, decimal? readMultiplier = null)
        => throw new NotSupportedException();
}
