using System.Globalization;

namespace PromptCache.Core.Pricing;

/// <summary>What the command line's <c>prices</c> does, without a console: text and results for the caller to print.</summary>
public static class PriceCommands
{
    /// <summary>Entries whose provider, model or <c>provider/model</c> matches; without a <c>*</c>, those that contain the text.</summary>
    public static IReadOnlyList<ModelPrice> List(PriceBook book, string? filter = null)
    {
        if (string.IsNullOrEmpty(filter))
        {
            return book.Entries;
        }

        var pattern = filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*";
        return [.. book.Entries.Where(e => NamePattern.Matches(pattern, e.Model) || NamePattern.Matches(pattern, $"{e.Provider}/{e.Model}"))];
    }

    /// <summary>Says which entry a model's price comes from, why, and every row of it. Without a price: false, and the reason.</summary>
    /// <param name="book">The book, with the user's overrides.</param>
    /// <param name="model">As a client would call it, <c>provider/model</c> included.</param>
    /// <param name="provider">The configured provider; null: none, as for a model that is sought by its name alone.</param>
    /// <param name="lines">The text, one line each.</param>
    public static bool TryShow(PriceBook book, string model, string? provider, out IReadOnlyList<string> lines)
    {
        if (!book.TryFind(new(provider ?? "", model), out var price, out var explanation))
        {
            lines = [explanation];
            return false;
        }

        var text = new List<string>
        {
            $"{price.Provider}/{price.Model}",
            $"  entry:  {explanation}",
            $"  as of:  {price.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "configuration"}",
            $"  source: {price.Source ?? "configuration"}",
            "  USD per million tokens:",
        };
        text.AddRange(price.Cards.Select(c => $"    {Condition(c, price.InclusiveThreshold)}: {Rates(c.Rates)}"));
        text.AddRange(price.Geo.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => string.Create(CultureInfo.InvariantCulture, $"    served in {g.Key}: times {g.Value}")));
        lines = text;
        return true;
    }

    /// <summary>Reads a price file in either format and reports everything that is wrong with it.</summary>
    public static PriceLoad Validate(Stream file, DateOnly asOf) => PriceBook.Load(file, asOf);

    /// <summary>Makes the price file that the project ships: LiteLLM's list, reduced to its providers, with an overlay over it.</summary>
    /// <param name="liteLlm">LiteLLM's file.</param>
    /// <param name="overlay">Corrections and gaps, as in eng/prices/overlay.jsonl.</param>
    /// <param name="asOf">The day of LiteLLM's file.</param>
    /// <param name="file">The file's bytes; null when there is an error.</param>
    public static IReadOnlyList<PriceProblem> Build(Stream liteLlm, Stream overlay, DateOnly asOf, out byte[]? file)
    {
        var problems = new List<PriceProblem>();
        file = null;
        if (PriceSource.ReadAll(liteLlm, problems) is { } list && PriceSource.ReadAll(overlay, problems) is { } corrections)
        {
            var table = PriceBuilder.Build(list, corrections, asOf, problems);
            file = PriceLoad.Of(table, problems).IsValid ? PriceBuilder.ToBytes(table) : null;
        }

        return problems;
    }

    /// <summary>
    /// Replaces a price file by a newer list, after checking it: size, schema, read at most input, and, unless forced, no price
    /// ten times away from the current one. LiteLLM's format is converted, with the shipped corrections over it. The file is
    /// replaced in one step, and what was there stays beside it as <c>.previous</c>.
    /// </summary>
    /// <param name="incoming">The newer list, in either format.</param>
    /// <param name="path">The file to replace or to make.</param>
    /// <param name="current">What to compare with.</param>
    /// <param name="today">The day to book for LiteLLM's format.</param>
    /// <param name="force">Whether jumps pass as warnings.</param>
    /// <exception cref="IOException">The directory cannot be written to; the old file is untouched.</exception>
    public static PriceRefresh Refresh(Stream incoming, string path, PriceBook current, DateOnly today, bool force = false)
    {
        var problems = new List<PriceProblem>();
        var file = PriceSource.ReadAll(incoming, problems);
        var table = file is null ? null : PriceSource.Read(file, today, PriceResources.Overlay(), problems);
        if (table is null || PriceLoad.Of(table, problems) is not { IsValid: true } load)
        {
            return new(null, problems);
        }

        var jumps = new List<PriceProblem>();
        var refresh = PriceJumps.Compare(current, load.Book, jumps);
        problems.AddRange(jumps.Select(j => j with { IsError = !force }));
        if (jumps.Count > 0 && !force)
        {
            return refresh with { Book = null, Problems = problems };
        }

        AtomicFile.Replace(path, PriceBuilder.ToBytes(table));
        return refresh with { Problems = problems };
    }

    private static string Condition(PriceCard card, bool inclusive)
    {
        var parts = new List<string> { card.ServiceTier ?? "standard" };
        if (card.Above > 0)
        {
            parts.Add($"prompt {(inclusive ? ">=" : ">")} {card.Above} tokens");
        }

        if (card.From is { } from)
        {
            parts.Add($"from {from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        }

        if (card.Windows.Count > 0)
        {
            parts.Add($"{string.Join(", ", card.Windows)} UTC{(card.WeekdaysOnly ? " Mon-Fri" : "")}");
        }

        return string.Join(", ", parts);
    }

    private static string Rates(TokenRates rates) => string.Join("  ", new (string Name, decimal? Price)[]
    {
        ("input", rates.Input), ("output", rates.Output), ("read", rates.CacheRead), ("read (explicit)", rates.CacheReadExplicit),
        ("write", rates.CacheWrite), ("write 1h", rates.CacheWrite1h), ("storage per hour", rates.Storage), ("input audio", rates.InputAudio), ("output audio", rates.OutputAudio),
    }.Where(r => r.Price is not null).Select(r => $"{r.Name} {r.Price}"));
}
