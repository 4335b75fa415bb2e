namespace PromptCache.Core.Pricing;

/// <summary>One row of a model's price list: the rates, and when they hold. They hold for every token of a request.</summary>
public sealed record PriceCard
{
    public required TokenRates Rates { get; init; }

    /// <summary><c>flex</c>, <c>priority</c>, <c>batch</c>, <c>fast</c>; null: standard.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The prompt must be longer than this many tokens, cached ones included (see <see cref="ModelPrice.InclusiveThreshold"/>); 0: any length.</summary>
    public long Above { get; init; }

    /// <summary>The first UTC day on which the card holds; null: from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The UTC hours in which the card holds; empty: all day.</summary>
    public IReadOnlyList<UtcWindow> Windows { get; init; } = [];

    /// <summary>Whether the hours hold from Monday to Friday only.</summary>
    public bool WeekdaysOnly { get; init; }

    /// <summary>Whether the card holds for any length, any time, at the standard tier.</summary>
    internal bool IsBase => ServiceTier is null && Above == 0 && !IsTimed;

    internal bool IsTimed => From is not null || Windows.Count > 0;

    internal bool HoldsAt(DateTimeOffset? at)
    {
        if (!IsTimed)
        {
            return true;
        }

        if (at is not { } moment)
        {
            return false;
        }

        var utc = moment.UtcDateTime;
        return (From is not { } from || DateOnly.FromDateTime(utc) >= from) && (Windows.Count == 0 || HoldsAtHour(utc));
    }

    private bool HoldsAtHour(DateTime utc)
    {
        if (WeekdaysOnly && utc.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            return false;
        }

        var time = TimeOnly.FromDateTime(utc);
        foreach (var window in Windows)
        {
            if (window.Contains(time))
            {
                return true;
            }
        }

        return false;
    }
}
