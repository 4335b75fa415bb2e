namespace PromptCache.Core.Pricing;

/// <summary>What a price depends on beside the counts.</summary>
/// <param name="Provider">The configured provider's name, which may be a price book's provider too.</param>
/// <param name="Model">The model as the client or the provider calls it; date-stamped names resolve.</param>
/// <param name="ServiceTier"><c>flex</c>, <c>priority</c>, <c>batch</c>; null: standard.</param>
/// <param name="Explicit">Whether the cache was explicit: Qwen has two read prices.</param>
/// <param name="At">When the request was made; null: prices that hold at certain hours or from a date on (DeepSeek's peak) are not considered.</param>
/// <param name="Geo">The region that served the request, where the provider says so (Anthropic's <c>inference_geo</c>); null: it does not.</param>
public readonly record struct PriceQuery(string Provider, string Model, string? ServiceTier = null, bool Explicit = false, DateTimeOffset? At = null, string? Geo = null);
