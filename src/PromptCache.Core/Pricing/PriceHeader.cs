namespace PromptCache.Core.Pricing;

/// <summary>The first line of a price file.</summary>
/// <param name="Format">The format's number: <see cref="Current"/>.</param>
/// <param name="AsOf">The day of the base data.</param>
/// <param name="Source">Where the base data come from, with their licence.</param>
internal sealed record PriceHeader(int Format, DateOnly AsOf, string Source)
{
    public const int Current = 1;
}
