namespace PromptCache.Core.Pricing;

/// <summary>Decimals without trailing zeros, so that an amount is written as 0.00017 and not as 0.000170000.</summary>
internal static class Plain
{
    public static decimal Of(decimal value) => value / 1.0000000000000000000000000000m;
}
