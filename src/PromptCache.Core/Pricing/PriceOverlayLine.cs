namespace PromptCache.Core.Pricing;

/// <summary>One line of the overlay: exactly one of the three.</summary>
/// <param name="Set">An entry: laid over the base's entry of that name, or added. Cards, where named, replace the base's.</param>
/// <param name="Fill">What a provider charges where its entries name no price.</param>
/// <param name="Drop">Entries that are no prices (routers that list 0, size classes).</param>
internal sealed record PriceOverlayLine(PriceLine? Set, PriceFillLine? Fill, PriceDropLine? Drop);
