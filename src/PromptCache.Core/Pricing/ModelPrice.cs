using System.Collections.Frozen;

namespace PromptCache.Core.Pricing;

/// <summary>What one model costs at one provider. Immutable.</summary>
public sealed class ModelPrice
{
    private readonly PriceCard[] _cards;

    // The first card is the base: standard tier, any length. What later cards leave open is derived from it.
    internal ModelPrice(string provider, string model, IEnumerable<PriceCard> cards)
    {
        Provider = provider;
        Model = model;
        _cards = PriceCards.Complete([.. cards]);
    }

    private ModelPrice(ModelPrice from, PriceCard[] cards)
    {
        Provider = from.Provider;
        Model = from.Model;
        InclusiveThreshold = from.InclusiveThreshold;
        AsOf = from.AsOf;
        Source = from.Source;
        Geo = from.Geo;
        _cards = cards;
    }

    /// <summary>The price book's name of the provider, such as <c>anthropic</c>.</summary>
    public string Provider { get; }

    public string Model { get; }

    /// <summary>Whether a prompt of exactly the threshold's length is already a long one: xAI's <c>&gt;=</c>; everywhere else <c>&gt;</c>.</summary>
    public bool InclusiveThreshold { get; init; }

    /// <summary>The day for which the price was true.</summary>
    public DateOnly? AsOf { get; init; }

    public string? Source { get; init; }

    /// <summary>Factors on every price, by the region that served the request: Anthropic's <c>inference_geo</c>. A region that is not named costs nothing extra.</summary>
    public IReadOnlyDictionary<string, decimal> Geo { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>All rows, the base first; what the source leaves open in a row is filled in.</summary>
    public IReadOnlyList<PriceCard> Cards => _cards;

    /// <summary>The standard rates for short prompts.</summary>
    public TokenRates Base => _cards[0].Rates;

    /// <summary>The row that holds for a request.</summary>
    /// <param name="serviceTier">As the provider calls it; a tier without rows is priced as standard.</param>
    /// <param name="promptTokens">All prompt tokens, cached ones included.</param>
    /// <param name="at">When; null: timed rows do not hold.</param>
    public PriceCard Select(string? serviceTier, long promptTokens, DateTimeOffset? at = null)
    {
        var best = _cards[0];
        foreach (var card in _cards)
        {
            var passed = card.Above == 0 || (InclusiveThreshold ? promptTokens >= card.Above : promptTokens > card.Above);
            if (passed && IsTier(card, serviceTier) && card.HoldsAt(at) && IsAtLeastAsSpecific(card, best))
            {
                best = card;
            }
        }

        return best;
    }

    internal ModelPrice With(PriceOverride by)
        => new(this, [.. _cards.Select(c => c with { Rates = c.Rates.Overridden(by) })]);

    private static bool IsTier(PriceCard card, string? serviceTier)
        => card.ServiceTier is null || string.Equals(card.ServiceTier, serviceTier, StringComparison.OrdinalIgnoreCase);

    // A service tier outranks the hour, the hour outranks the length, and the longer threshold the shorter.
    private static bool IsAtLeastAsSpecific(PriceCard card, PriceCard than)
        => (card.ServiceTier is not null, card.From ?? DateOnly.MinValue, card.Windows.Count > 0, card.Above)
            .CompareTo((than.ServiceTier is not null, than.From ?? DateOnly.MinValue, than.Windows.Count > 0, than.Above)) >= 0;
}
