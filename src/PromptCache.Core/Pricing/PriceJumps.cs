namespace PromptCache.Core.Pricing;

/// <summary>Differences between two books that look like an accident: a price ten times higher or lower, half of the models gone.</summary>
internal static class PriceJumps
{
    private const decimal Jump = 10m;

    private static readonly (string Name, Func<TokenRates, decimal?> Rate)[] Rates =
    [
        ("input", r => r.Input), ("output", r => r.Output), ("read", r => r.CacheRead), ("explicit read", r => r.CacheReadExplicit), ("write", r => r.CacheWrite),
        ("write1h", r => r.CacheWrite1h), ("storage", r => r.Storage), ("input audio", r => r.InputAudio), ("output audio", r => r.OutputAudio),
    ];

    public static PriceRefresh Compare(PriceBook current, PriceBook next, List<PriceProblem> problems)
    {
        var index = new PriceIndex(current.Entries);
        var (added, changed) = (0, 0);
        foreach (var entry in next.Entries)
        {
            if (index.Exact(entry.Provider, entry.Model) is not { } old)
            {
                added++;
                continue;
            }

            changed += old.Base != entry.Base ? 1 : 0;
            foreach (var card in entry.Cards)
            {
                // A row that is new is held against the row for short prompts at the standard tier.
                var before = old.Cards.FirstOrDefault(c => IsSameRow(c, card)) ?? old.Cards[0];
                Compare(entry, before, card, problems);
            }
        }

        if (next.Entries.Count * 2 < current.Entries.Count)
        {
            problems.Add(new("file", $"{next.Entries.Count} models where the current book has {current.Entries.Count}"));
        }

        return new(next, problems, added, changed, current.Entries.Count - (next.Entries.Count - added));
    }

    private static bool IsSameRow(PriceCard one, PriceCard other)
        => one.ServiceTier == other.ServiceTier && one.Above == other.Above && one.From == other.From && one.Windows.SequenceEqual(other.Windows);

    private static void Compare(ModelPrice entry, PriceCard old, PriceCard next, List<PriceProblem> problems)
    {
        var row = next.ServiceTier is null && next.Above == 0 && next.From is null && next.Windows.Count == 0
            ? ""
            : $" ({next.ServiceTier ?? "standard"}{(next.Above > 0 ? $", above {next.Above}" : "")}{(next.From is { } from ? $", from {from:yyyy-MM-dd}" : "")}{(next.Windows.Count > 0 ? ", at certain hours" : "")})";
        foreach (var (name, rate) in Rates)
        {
            // From or to 0 is a jump too: free is what a broken file says.
            if (rate(old.Rates) is { } before && rate(next.Rates) is { } after && before != after
                && (after > before * Jump || after * Jump < before))
            {
                problems.Add(new($"{entry.Provider}/{entry.Model}", $"{name} went from {before} to {after}{row}"));
            }
        }
    }
}
