namespace PromptCache.Core.Pricing;

/// <summary>Differences between two books that look like an accident: a price ten times higher or lower, half of the models gone.</summary>
internal static class PriceJumps
{
    private const decimal Jump = 10m;

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
            Compare(old, entry, "input", r => r.Input, problems);
            Compare(old, entry, "output", r => r.Output, problems);
            Compare(old, entry, "read", r => r.CacheRead, problems);
            Compare(old, entry, "write", r => r.CacheWrite, problems);
            Compare(old, entry, "write1h", r => r.CacheWrite1h, problems);
        }

        if (next.Entries.Count * 2 < current.Entries.Count)
        {
            problems.Add(new("file", $"{next.Entries.Count} models where the current book has {current.Entries.Count}"));
        }

        return new(next, problems, added, changed, current.Entries.Count - (next.Entries.Count - added));
    }

    private static void Compare(ModelPrice old, ModelPrice entry, string name, Func<TokenRates, decimal?> rate, List<PriceProblem> problems)
    {
        // From or to 0 is a jump too: free is what a broken file says.
        if (rate(old.Base) is { } before && rate(entry.Base) is { } after && before != after
            && (after > before * Jump || after * Jump < before))
        {
            problems.Add(new($"{entry.Provider}/{entry.Model}", $"{name} went from {before} to {after}"));
        }
    }
}
