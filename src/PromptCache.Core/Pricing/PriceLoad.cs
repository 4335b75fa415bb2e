using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Core.Pricing;

/// <summary>What came of reading a price file.</summary>
/// <param name="Book">The book; null when there is an error.</param>
/// <param name="Problems">All errors and warnings.</param>
public sealed record PriceLoad(PriceBook? Book, IReadOnlyList<PriceProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Book))]
    public bool IsValid => Book is not null;

    public IEnumerable<PriceProblem> Errors => Problems.Where(p => p.IsError);

    internal static PriceLoad Of(PriceTable? table, List<PriceProblem> problems)
    {
        var book = table?.ToBook(problems);
        return new(problems.Exists(p => p.IsError) ? null : book, problems);
    }
}
