using System.Text.Json.Serialization;

namespace PromptCache.Core.Pricing;

/// <summary>A card as a price file spells it: USD per million tokens.</summary>
internal record PriceCardLine
{
    [JsonPropertyOrder(1)]
    public string? Tier { get; init; }

    [JsonPropertyOrder(2)]
    public long? Above { get; init; }

    [JsonPropertyOrder(3)]
    public DateOnly? From { get; init; }

    [JsonPropertyOrder(4)]
    public List<string>? Utc { get; init; }

    [JsonPropertyOrder(5)]
    public bool? Weekdays { get; init; }

    [JsonPropertyOrder(10)]
    public decimal? Input { get; init; }

    [JsonPropertyOrder(11)]
    public decimal? Output { get; init; }

    [JsonPropertyOrder(12)]
    public decimal? Read { get; init; }

    [JsonPropertyOrder(13)]
    public decimal? ReadExplicit { get; init; }

    [JsonPropertyOrder(14)]
    public decimal? Write { get; init; }

    [JsonPropertyOrder(15)]
    public decimal? Write1h { get; init; }

    [JsonPropertyOrder(16)]
    public decimal? Storage { get; init; }

    [JsonPropertyOrder(17)]
    public decimal? InputAudio { get; init; }

    [JsonPropertyOrder(18)]
    public decimal? OutputAudio { get; init; }

    public bool HasPrice() => (Input ?? Output ?? Read ?? ReadExplicit ?? Write ?? Write1h ?? Storage ?? InputAudio ?? OutputAudio) is not null;

    /// <summary>The card that this line means; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public PriceCard ToCard(List<string> errors)
    {
        var windows = new List<UtcWindow>();
        foreach (var text in Utc ?? [])
        {
            if (UtcWindow.TryParse(text, out var window))
            {
                windows.Add(window);
            }
            else
            {
                errors.Add($"utc: '{text}' is not a time of day like 01:00-04:00");
            }
        }

        if (Above < 0)
        {
            errors.Add($"above: {Above} is negative");
        }

        return new()
        {
            ServiceTier = Tier,
            Above = Above ?? 0,
            From = From,
            Windows = windows,
            WeekdaysOnly = Weekdays ?? false,
            Rates = new()
            {
                Input = Input,
                Output = Output,
                CacheRead = Read,
                CacheReadExplicit = ReadExplicit,
                CacheWrite = Write,
                CacheWrite1h = Write1h,
                Storage = Storage,
                InputAudio = InputAudio,
                OutputAudio = OutputAudio,
            },
        };
    }
}
