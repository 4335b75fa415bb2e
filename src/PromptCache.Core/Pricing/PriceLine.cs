using System.Text.Json.Serialization;

namespace PromptCache.Core.Pricing;

/// <summary>One line of a price file: an entry, whose own prices are its base card.</summary>
internal sealed record PriceLine : PriceCardLine
{
    [JsonPropertyOrder(-2)]
    public string? Provider { get; init; }

    [JsonPropertyOrder(-1)]
    public string? Model { get; init; }

    [JsonPropertyOrder(20)]
    public bool? Inclusive { get; init; }

    /// <summary>Factors on every price of a request that was served in a certain region: Anthropic's <c>inference_geo</c>.</summary>
    [JsonPropertyOrder(24)]
    public SortedDictionary<string, decimal>? Geo { get; init; }

    [JsonPropertyOrder(21)]
    public List<PriceCardLine>? Cards { get; init; }

    [JsonPropertyOrder(22)]
    public DateOnly? AsOf { get; init; }

    [JsonPropertyOrder(23)]
    public string? Source { get; init; }

    public string Name => $"{Provider}/{Model}";
}
