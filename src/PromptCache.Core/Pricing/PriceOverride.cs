namespace PromptCache.Core.Pricing;

/// <summary>The user's own price, USD per million tokens, laid over the book's entry: what is null keeps the book's price.</summary>
/// <remarks>
/// A price named here holds at every prompt length, service tier and hour. The model is matched as the client spelled it, with and without vendor, region and date;
/// the first override that matches wins, and only that one.
/// </remarks>
public sealed record PriceOverride
{
    /// <summary>The highest price that is believed to be one: USD per million tokens.</summary>
    public const decimal Highest = 1_000_000m;

    /// <summary>A model's name; <c>*</c> stands for anything.</summary>
    public required string Model { get; init; }

    /// <summary>Only at this provider; null: at any.</summary>
    public string? Provider { get; init; }

    public decimal? Input { get; init; }

    public decimal? Output { get; init; }

    public decimal? CacheRead { get; init; }

    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1h { get; init; }

    /// <summary>USD per million tokens and hour.</summary>
    public decimal? Storage { get; init; }

    /// <summary>What is wrong with it, for a configuration check.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Model))
        {
            yield return "Model is empty.";
        }

        foreach (var (name, price) in Prices())
        {
            if (price is < 0 or > Highest)
            {
                yield return $"{name} is {price}: a price is from 0 to {Highest} USD per million tokens.";
            }
        }

        if (Prices().All(p => p.Price is null))
        {
            yield return "It names no price.";
        }
    }

    private IEnumerable<(string Name, decimal? Price)> Prices() =>
    [
        (nameof(Input), Input), (nameof(Output), Output), (nameof(CacheRead), CacheRead),
        (nameof(CacheWrite), CacheWrite), (nameof(CacheWrite1h), CacheWrite1h), (nameof(Storage), Storage),
    ];
}
