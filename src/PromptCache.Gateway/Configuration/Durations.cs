using System.Globalization;

namespace PromptCache.Gateway.Configuration;

/// <summary>Durations as the configuration spells them: <c>"300ms"</c>, <c>"5m"</c>, <c>"1h"</c>, or seconds as a number.</summary>
internal static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text.AsSpan().Trim();
        var unit = TimeSpan.FromSeconds(1);
        foreach (var (suffix, length) in Units)
        {
            if (trimmed.EndsWith(suffix, StringComparison.Ordinal))
            {
                unit = length;
                trimmed = trimmed[..^suffix.Length];
                break;
            }
        }

        if (!double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !(number * unit.TotalSeconds <= TimeSpan.FromDays(3650).TotalSeconds))   // so written, it refuses "NaN" too
        {
            return false;
        }

        duration = unit * number;
        return true;
    }
}
