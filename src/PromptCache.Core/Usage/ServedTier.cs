using System.Text;

namespace PromptCache.Core.Usage;

/// <summary>Reads the service tier that a provider says it served a request at: it has prices of its own, and need not be the one that was asked for.</summary>
internal static class ServedTier
{
    private const int Longest = 32;

    /// <summary>The tier that a <c>service_tier</c> names.</summary>
    /// <param name="value">The member's value, a string with its quotes; empty: there is none.</param>
    /// <param name="known">The tier named before, which counts until another one is named.</param>
    public static string? Read(ReadOnlySpan<byte> value, string? known)
    {
        if (value is not [(byte)'"', .. var tier, (byte)'"'] || tier.Length is 0 or > Longest || tier.Contains((byte)'\\'))
        {
            return known;
        }

        // Some providers name it on every chunk.
        return known is not null && Ascii.Equals(tier, known) ? known : Encoding.UTF8.GetString(tier);
    }

    /// <summary>A report that names the tier too. Without a report there is one that says nothing else.</summary>
    public static TokenUsage? AddTo(TokenUsage? report, string? tier)
        => tier is null ? report : (report ?? new TokenUsage { Source = CountSource.Provider }) with { ServiceTier = tier };
}
