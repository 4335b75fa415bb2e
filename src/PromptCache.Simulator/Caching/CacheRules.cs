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

    /// <summary>What an implicit match of so many tokens is worth. A provider that caches in steps of its own count does not know where the reply's priming begins.</summary>
    public int Readable(int matched, MeasuredPrompt prompt)
    {
        var whole = matched == prompt.Cacheable;
        var known = whole && StepTokens > 1 ? prompt.Total : matched;
        return known < MinTokens ? 0 : whole && WholeOnResend ? prompt.Total : known / StepTokens * StepTokens;
    }
}
