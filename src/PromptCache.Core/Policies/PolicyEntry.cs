namespace PromptCache.Core.Policies;

/// <summary>One policy of <c>policies.json</c>. What it does not say is the default of <see cref="CachePolicy"/>.</summary>
internal sealed record PolicyEntry
{
    public required string Name { get; init; }

    public required CacheMode Mode { get; init; }

    public int? MinTokens { get; init; }

    public int? ExplicitMinTokens { get; init; }

    public int? StepTokens { get; init; }

    public int? RecomputedTokens { get; init; }

    public TimeSpan? Ttl { get; init; }

    public TimeSpan? TtlExtended { get; init; }

    public bool? AutomaticBreakpoint { get; init; }

    public bool? MessagesSalt { get; init; }

    public bool? DropsThinking { get; init; }

    public bool? WholeOnResend { get; init; }

    public int? MaxBreakpoints { get; init; }

    public ExcessRule? OnExcess { get; init; }

    public int? LookbackBlocks { get; init; }

    public decimal? Write { get; init; }

    public decimal? WriteExtended { get; init; }

    public decimal? Read { get; init; }

    public decimal? ExplicitRead { get; init; }

    /// <summary>For every value above the place where it is published.</summary>
    public required SortedDictionary<string, string> Sources { get; init; }

    /// <summary>Null: none. (The generated reader does not run initializers.)</summary>
    public PolicyModelEntry[]? Models { get; init; }
}
