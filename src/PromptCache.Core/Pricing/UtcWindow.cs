using System.Globalization;

namespace PromptCache.Core.Pricing;

/// <summary>A time of day in UTC, from inclusive, to exclusive; it may pass midnight.</summary>
public readonly record struct UtcWindow(TimeOnly From, TimeOnly To)
{
    /// <summary>Reads <c>01:00-04:00</c>.</summary>
    public static bool TryParse(string text, out UtcWindow window)
    {
        window = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || !TimeOnly.TryParseExact(text.AsSpan(0, dash), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            || !TimeOnly.TryParseExact(text.AsSpan(dash + 1), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to))
        {
            return false;
        }

        window = new(from, to);
        return true;
    }

    public bool Contains(TimeOnly time) => time.IsBetween(From, To);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{To:HH\\:mm}");
}
