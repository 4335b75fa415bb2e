namespace PromptCache.Core.Pricing;

/// <summary>Fills in what a price list leaves open.</summary>
/// <remarks>
/// Lists name the batch or long-prompt price of input and output and often not that of cached input; providers scale them
/// alike. So an open rate is the same rate of the nearest row, times the ratio of the two input (or output) prices:
///   (1) a row of a service tier, of long prompts or of certain hours leans on the base row
///   (2) a row of a service tier and long prompts leans on the standard row for long prompts; it is added where it is not listed
/// </remarks>
internal static class PriceCards
{
    public static PriceCard[] Complete(PriceCard[] listed)
    {
        var source = listed[0].Rates;
        var cards = new List<PriceCard>(listed.Length) { listed[0] };
        foreach (var card in listed.Skip(1).Where(c => c.ServiceTier is null || c.Above == 0))
        {
            cards.Add(card with { Rates = Lean(card.Rates, source) });                       // (1)
        }

        var tiers = cards.Where(c => c.ServiceTier is not null && !c.IsTimed).ToArray();
        var lengths = cards.Where(c => c.ServiceTier is null && c.Above > 0 && !c.IsTimed).ToArray();
        foreach (var tier in tiers)
        {
            foreach (var length in lengths)
            {
                var rates = listed.FirstOrDefault(c => c.ServiceTier == tier.ServiceTier && c.Above == length.Above)?.Rates ?? new();
                cards.Add(length with
                {
                    ServiceTier = tier.ServiceTier,
                    Rates = rates.Completed(length.Rates, Ratio(rates.Input, length.Rates.Input) ?? Ratio(tier.Rates.Input, source.Input) ?? 1,
                        Ratio(rates.Output, length.Rates.Output) ?? Ratio(tier.Rates.Output, source.Output) ?? 1),   // (2)
                });
            }
        }

        foreach (var card in listed.Skip(1).Where(c => c.ServiceTier is not null && c.Above > 0 && !cards.Exists(o => o.ServiceTier == c.ServiceTier && o.Above == c.Above)))
        {
            cards.Add(card with { Rates = Lean(card.Rates, source) });
        }

        return [.. cards];
    }

    private static TokenRates Lean(TokenRates rates, TokenRates on)
        => rates.Completed(on, Ratio(rates.Input, on.Input) ?? 1, Ratio(rates.Output, on.Output) ?? 1);

    private static decimal? Ratio(decimal? price, decimal? of) => of is null or 0 ? null : price / of;
}
