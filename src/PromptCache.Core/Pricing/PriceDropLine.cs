namespace PromptCache.Core.Pricing;

/// <summary>A line of the overlay that takes entries out of the base.</summary>
/// <param name="Provider">The book's provider.</param>
/// <param name="Model">A name with <c>*</c>.</param>
/// <param name="Source">Why.</param>
internal sealed record PriceDropLine(string Provider, string Model, string Source)
{
    public bool Matches(PriceLine line)
        => string.Equals(line.Provider, Provider, StringComparison.Ordinal) && NamePattern.Matches(Model, line.Model);
}
