namespace PromptCache.Core.Pricing;

/// <summary><c>cost_details.status</c>.</summary>
public enum CostStatus
{
    /// <summary>Every token has a price.</summary>
    Exact,

    /// <summary>No price is known for the model: all amounts are null, never 0.</summary>
    Unpriced,

    /// <summary>The provider's counts contradicted each other; the amounts are for the clamped counts.</summary>
    Inconsistent,
}
