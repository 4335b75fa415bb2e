using System.Buffers;
using System.Globalization;
using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>Writes the <c>cost_details</c> object. Amounts are plain decimals: no exponent, no trailing zeros; an amount that is not known is null.</summary>
public static class CostDetailsWriter
{
    /// <summary>Writes the object, compact.</summary>
    public static void Write(CostDetails cost, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"status\":\""u8);
        output.Write(NameOf(cost.Status));
        output.Write("\",\"currency\":\"USD\",\"source\":\""u8);
        output.Write(NameOf(cost.Source));
        output.Write("\",\"prompt_cost\":"u8);
        WriteAmount(cost.PromptCost, output);
        output.Write(",\"prompt_cache_read_cost\":"u8);
        WriteAmount(cost.CacheReadCost, output);
        output.Write(",\"prompt_cache_write_cost\":"u8);
        WriteAmount(cost.CacheWriteCost, output);
        output.Write(",\"prompt_cache_write_5_min\":"u8);
        WriteAmount(cost.CacheWrite5MinCost, output);
        output.Write(",\"prompt_cache_write_1_h\":"u8);
        WriteAmount(cost.CacheWrite1HourCost, output);
        output.Write(",\"completion_cost\":"u8);
        WriteAmount(cost.CompletionCost, output);
        output.Write(",\"total_cost\":"u8);
        WriteAmount(cost.TotalCost, output);
        output.Write(",\"cache_savings\":"u8);
        WriteAmount(cost.CacheSavings, output);
        output.Write("}"u8);
    }

    /// <summary>Writes one amount as a JSON number, or null.</summary>
    public static void WriteAmount(decimal? amount, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (amount is not { } value)
        {
            output.Write("null"u8);
            return;
        }

        // A decimal without a format has no exponent, and the zeros of its scale. A negative zero loses its sign.
        var text = output.GetSpan(64);
        _ = (value == 0 ? 0m : value).TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        output.Advance(text[..written].Contains((byte)'.') ? text[..written].TrimEnd((byte)'0').TrimEnd((byte)'.').Length : written);
    }

    private static ReadOnlySpan<byte> NameOf(CostStatus status) => status switch
    {
        CostStatus.Exact => "exact"u8,
        CostStatus.Unpriced => "unpriced"u8,
        CostStatus.Inconsistent => "inconsistent"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
    };

    private static ReadOnlySpan<byte> NameOf(CountSource source) => source switch
    {
        CountSource.Provider => "provider"u8,
        CountSource.Store => "store"u8,
        CountSource.Estimated => "estimated"u8,
        _ => "unknown"u8,
    };
}
