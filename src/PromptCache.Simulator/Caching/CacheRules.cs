namespace PromptCache.Simulator.Caching;

/// <summary>A provider's caching rules, as its own documentation gives them.</summary>
internal sealed record CacheRules(string Name, CacheMode Mode, int MinTokens, int StepTokens, TimeSpan Ttl)
{
    /// <summary>The usage shape that the provider reports.</summary>
    public required string Usage { get; init; }

    /// <summary>Whether a request field that the provider does not know is a 400.</summary>
    public bool Strict { get; init; }

    /// <summary>Of more breakpoints than this only the last ones count.</summary>
    public int MaxBreakpoints { get; init; } = 4;

    /// <summary>The shortest prefix that a breakpoint caches (<see cref="CacheMode.Either"/>).</summary>
    public int ExplicitMinTokens { get; init; } = 1024;

    /// <summary>Whether a prompt that was seen whole is read whole, whatever the step.</summary>
    public bool WholeOnResend { get; init; }

    /// <summary>The lifetime of a request that asks for the long one; null: none can.</summary>
    public TimeSpan? LongTtl { get; init; }

    /// <summary>Whether the prompt's last token is computed anew, however well the prompt is known: what an inference engine does.</summary>
    public bool RecomputesLast { get; init; }

    /// <summary>What an implicit match of so many tokens is worth. A provider does not know where the reply's priming begins: whoever has seen all of a prompt has seen its minimum, and its steps.</summary>
    public int Readable(int matched, MeasuredPrompt prompt)
    {
        if (matched < prompt.Cacheable || matched == 0)
        {
            return matched < MinTokens ? 0 : matched / StepTokens * StepTokens;
        }

        var seen = RecomputesLast ? prompt.Total - 1 : prompt.Total;
        return seen < MinTokens ? 0
            : WholeOnResend ? prompt.Total
            : RecomputesLast || StepTokens > 1 ? seen / StepTokens * StepTokens
            : matched;
    }
}
