using System.Collections.Immutable;

namespace PromptCache.Core.Policies;

/// <summary>A policy from the configuration: what it says replaces what the policy that it extends says; null: unchanged.</summary>
public sealed record CachePolicyOverride
{
    /// <summary>The policy that it starts from, shipped or configured; null: the shipped one of the same name, else an implicit policy without minimum.</summary>
    public string? Extends { get; init; }

    public CacheMode? Mode { get; init; }

    /// <summary>Also in place of what the extended policy says for single models and for markers, unless <see cref="Models"/> or <see cref="ExplicitMinTokens"/> says otherwise.</summary>
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

    /// <summary>Rules that are asked before those of the extended policy.</summary>
    public ImmutableArray<ModelRule> Models { get; init; } = [];
}
