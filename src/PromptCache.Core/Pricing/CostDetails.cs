using PromptCache.Core.Usage;

namespace PromptCache.Core.Pricing;

/// <summary>What one request cost, in USD; the <c>cost_details</c> object.</summary>
/// <remarks><see cref="PromptCost"/> includes the cache parts: adding all fields up would count them twice.</remarks>
public sealed record CostDetails
{
    public required CostStatus Status { get; init; }

    public required CountSource Source { get; init; }

    /// <summary>All input: uncached, reads and writes.</summary>
    public decimal? PromptCost { get; init; }

    public decimal? CacheReadCost { get; init; }

    /// <summary>Writes of both lifetimes together.</summary>
    public decimal? CacheWriteCost { get; init; }

    public decimal? CacheWrite5MinCost { get; init; }

    public decimal? CacheWrite1HourCost { get; init; }

    public decimal? CompletionCost { get; init; }

    /// <summary>Prompt and completion; or what the provider itself reported.</summary>
    public decimal? TotalCost { get; init; }

    /// <summary>The same tokens at the input price, less what was paid for them; negative when writes cost more.</summary>
    public decimal? CacheSavings { get; init; }

    /// <summary>This cost with that of storing an explicit cache, which is booked as a write.</summary>
    /// <param name="storage">From <see cref="PriceBook.StorageCost"/>; null: unknown, nothing is added.</param>
    public CostDetails WithStorage(decimal? storage) => storage is not { } cost || PromptCost is null ? this : this with
    {
        CacheWriteCost = Plain.Of((CacheWriteCost ?? 0) + cost),
        PromptCost = Plain.Of(PromptCost.Value + cost),
        TotalCost = TotalCost is { } total ? Plain.Of(total + cost) : null,
        CacheSavings = CacheSavings is { } savings ? Plain.Of(savings - cost) : null,
    };
}
