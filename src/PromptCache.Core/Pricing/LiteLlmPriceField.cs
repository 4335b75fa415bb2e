using System.Globalization;

namespace PromptCache.Core.Pricing;

/// <summary>One price field of LiteLLM's file: what is priced, above which prompt length, at which service tier.</summary>
/// <remarks><c>FIELD[_above_Nk_tokens][_flex|_priority|_batches]</c>, as in <c>cache_read_input_token_cost_above_272k_tokens_flex</c>.</remarks>
internal readonly record struct LiteLlmPriceField(LiteLlmRate Rate, long Above, string? Tier)
{
    // The longer name first where one begins with the other.
    private static readonly (string Name, LiteLlmRate Rate)[] Names =
    [
        ("cache_creation_input_token_cost_above_1hr", LiteLlmRate.Write1h),
        ("cache_creation_input_token_cost", LiteLlmRate.Write),
        ("cache_read_input_token_cost", LiteLlmRate.Read),
        ("input_cost_per_audio_token", LiteLlmRate.InputAudio),
        ("output_cost_per_audio_token", LiteLlmRate.OutputAudio),
        ("input_cost_per_token", LiteLlmRate.Input),
        ("output_cost_per_token", LiteLlmRate.Output),
    ];

    public static bool TryParse(string property, out LiteLlmPriceField parsed)
    {
        parsed = default;
        foreach (var (name, rate) in Names)
        {
            if (property.StartsWith(name, StringComparison.Ordinal))
            {
                var rest = property.AsSpan(name.Length);
                var above = TakeThreshold(ref rest);
                string? tier;
                switch (rest)
                {
                    case "": tier = null; break;
                    case "_flex": tier = "flex"; break;
                    case "_priority": tier = "priority"; break;
                    case "_batches": tier = "batch"; break;
                    default: return false;
                }

                parsed = new(rate, above, tier);
                return true;
            }
        }

        return false;
    }

    private static long TakeThreshold(ref ReadOnlySpan<char> rest)
    {
        const string Before = "_above_";
        const string After = "k_tokens";
        if (!rest.StartsWith(Before) || rest.IndexOf(After) is var end && end < 0
            || !int.TryParse(rest[Before.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var thousands))
        {
            return 0;
        }

        rest = rest[(end + After.Length)..];
        return thousands * 1000L;
    }
}
