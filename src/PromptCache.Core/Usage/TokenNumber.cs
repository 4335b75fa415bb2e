using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace PromptCache.Core.Usage;

/// <summary>One count of a report.</summary>
/// <param name="Value">The count; null when it is missing, null, or no number at all.</param>
/// <param name="IsBad">Something stood there that is no count: negative, a fraction, absurdly large, a string.</param>
internal readonly record struct TokenNumber(long? Value, bool IsBad)
{
    /// <summary>Larger than any count, and so small that sums of a few stay in range.</summary>
    private const long Largest = 1_000_000_000_000;

    public static TokenNumber Read(ReadOnlySpan<byte> json, ObjectMember? member)
    {
        if (member is not { Kind: not JsonTokenType.Null } found)
        {
            return default;
        }

        if (found.Kind != JsonTokenType.Number)
        {
            return new TokenNumber(null, true);
        }

        var text = found.Value.Of(json);
        if (Utf8Parser.TryParse(text, out long whole, out var taken) && taken == text.Length)
        {
            return whole < 0 ? new TokenNumber(0, true) : whole > Largest ? new TokenNumber(Largest, true) : new TokenNumber(whole, false);
        }

        // A fraction, an exponent, or beyond Int64. A double is exact far beyond the largest count.
        _ = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        var clamped = (long)Math.Floor(Math.Clamp(number, 0, Largest));
        return new TokenNumber(clamped, clamped != number);
    }
}
