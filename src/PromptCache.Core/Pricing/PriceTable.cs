using System.Collections.Frozen;

namespace PromptCache.Core.Pricing;

/// <summary>The contents of a price file, as written.</summary>
internal sealed record PriceTable(PriceHeader Header, IReadOnlyList<PriceLine> Lines)
{
    /// <summary>The book that the table means; entries with errors are left out and reported.</summary>
    public PriceBook ToBook(List<PriceProblem> problems)
    {
        var entries = new List<ModelPrice>(Lines.Count);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Lines)
        {
            var errors = new List<string>();
            if (string.IsNullOrWhiteSpace(line.Provider) || string.IsNullOrWhiteSpace(line.Model))
            {
                errors.Add("provider and model must be named");
            }
            else if (!seen.Add(line.Name))
            {
                errors.Add("the entry is there twice");
            }

            var cards = new[] { line.ToCard(errors) }.Concat((line.Cards ?? []).Select(c => c.ToCard(errors))).ToArray();
            PriceChecks.Check(line.Name, cards, errors, problems);
            errors.AddRange((line.Geo ?? []).Where(g => g.Value is < 0.1m or > 10).Select(g => $"geo: {g.Value} is not a factor from 0.1 to 10"));
            if (errors.Count > 0)
            {
                problems.AddRange(errors.Select(e => new PriceProblem(line.Name, e)));
                continue;
            }

            entries.Add(new(line.Provider!, line.Model!, cards)
            {
                InclusiveThreshold = line.Inclusive ?? false,
                AsOf = line.AsOf ?? Header.AsOf,
                Source = line.Source ?? Header.Source,
                Geo = (line.Geo ?? []).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            });
        }

        return new(new(entries), [], Header.AsOf, Header.Source);
    }
}
