namespace PromptCache.Core.Pricing;

/// <summary>What came of a refresh.</summary>
/// <param name="Book">The new book; null when the file was refused and nothing was written.</param>
/// <param name="Problems">Errors, warnings, and the price jumps that <c>force</c> lets pass.</param>
/// <param name="Added">Entries that the current book lacks.</param>
/// <param name="Changed">Entries whose standard prices differ.</param>
/// <param name="Removed">Entries that only the current book has.</param>
public sealed record PriceRefresh(PriceBook? Book, IReadOnlyList<PriceProblem> Problems, int Added = 0, int Changed = 0, int Removed = 0);
