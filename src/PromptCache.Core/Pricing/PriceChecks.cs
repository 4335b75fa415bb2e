namespace PromptCache.Core.Pricing;

/// <summary>What every price must satisfy, whoever published it.</summary>
internal static class PriceChecks
{
    public static void Check(string name, IReadOnlyList<PriceCard> cards, List<string> errors, List<PriceProblem> problems)
    {
        if (!cards[0].IsBase)
        {
            errors.Add("the entry's own prices must hold for any length, tier and time");
        }

        if (cards[0].Rates.Input is null)
        {
            errors.Add("input is missing");
        }

        var position = 0;
        foreach (var card in cards)
        {
            var where = position++ == 0 ? "" : $"card {position - 1}: ";
            Check(where, card.Rates, errors);
            if (card.Rates is { CacheWrite: { } write, Input: > 0 and { } input } && (write < input || write > 1.5m * input))
            {
                problems.Add(new(name, $"{where}write {write} is not from 1.0 to 1.5 times input {input}", IsError: false));
            }
        }
    }

    private static void Check(string where, TokenRates rates, List<string> errors)
    {
        ReadOnlySpan<decimal?> prices =
            [rates.Input, rates.Output, rates.CacheRead, rates.CacheReadExplicit, rates.CacheWrite, rates.CacheWrite1h, rates.Storage, rates.InputAudio, rates.OutputAudio];
        foreach (var price in prices)
        {
            if (price is < 0 or > PriceOverride.Highest)
            {
                errors.Add($"{where}{price} is not a price from 0 to {PriceOverride.Highest}");
            }
        }

        if (rates.CacheRead > rates.Input || rates.CacheReadExplicit > rates.Input)
        {
            errors.Add($"{where}read {Math.Max(rates.CacheRead ?? 0, rates.CacheReadExplicit ?? 0)} is above input {rates.Input}");
        }

        if (rates.CacheWrite1h < rates.CacheWrite)
        {
            errors.Add($"{where}write1h {rates.CacheWrite1h} is below write {rates.CacheWrite}");
        }
    }
}
