namespace PromptCache.Core.Pricing;

/// <summary>Prices in USD per million tokens. Null: not listed, which is not 0.</summary>
public sealed record TokenRates
{
    /// <summary>Of an input token that was neither read nor written.</summary>
    public decimal? Input { get; init; }

    public decimal? Output { get; init; }

    /// <summary>Of a cache read; with two read prices, the implicit one.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Of a read from an explicit cache, where it differs (Qwen).</summary>
    public decimal? CacheReadExplicit { get; init; }

    /// <summary>Of a write at the provider's default lifetime.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Of a write for an hour.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Of storing an explicit cache: USD per million tokens and hour (Gemini).</summary>
    public decimal? Storage { get; init; }

    /// <summary>Of an input token that is sound, where it differs; a read of one costs what a read costs, times this over <see cref="Input"/>.</summary>
    public decimal? InputAudio { get; init; }

    /// <summary>Of an output token that is sound, where it differs.</summary>
    public decimal? OutputAudio { get; init; }

    /// <summary>These rates times a factor; what is stored is not processed, and keeps its price.</summary>
    internal TokenRates Times(decimal factor) => factor == 1 ? this : new TokenRates { Storage = Storage }.Completed(this, factor, factor);

    /// <summary>These rates, with what they leave open taken from others at a factor, to a billionth of a dollar.</summary>
    internal TokenRates Completed(TokenRates from, decimal input, decimal output) => new()
    {
        Input = Input ?? Scaled(from.Input, input),
        Output = Output ?? Scaled(from.Output, output),
        CacheRead = CacheRead ?? Scaled(from.CacheRead, input),
        CacheReadExplicit = CacheReadExplicit ?? Scaled(from.CacheReadExplicit, input),
        CacheWrite = CacheWrite ?? Scaled(from.CacheWrite, input),
        CacheWrite1h = CacheWrite1h ?? Scaled(from.CacheWrite1h, input),
        InputAudio = InputAudio ?? Scaled(from.InputAudio, input),
        OutputAudio = OutputAudio ?? Scaled(from.OutputAudio, output),
        Storage = Storage ?? from.Storage,
    };

    /// <summary>These rates, except where others name one.</summary>
    internal TokenRates Overridden(PriceOverride by) => new()
    {
        Input = by.Input ?? Input,
        Output = by.Output ?? Output,
        CacheRead = by.CacheRead ?? CacheRead,
        CacheReadExplicit = by.CacheRead ?? CacheReadExplicit,
        CacheWrite = by.CacheWrite ?? CacheWrite,
        CacheWrite1h = by.CacheWrite1h ?? CacheWrite1h,
        InputAudio = InputAudio,
        OutputAudio = OutputAudio,
        Storage = by.Storage ?? Storage,
    };

    private static decimal? Scaled(decimal? price, decimal factor) => price is { } known ? Plain.Of(decimal.Round(known * factor, 9)) : null;
}
