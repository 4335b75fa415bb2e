using System.Collections.Immutable;

namespace PromptCache.Core.Policies;

/// <summary>A policy from the configuration.</summary>
public sealed record CachePolicyOverride : CachePolicyTerms
{
    public CachePolicyOverride()
    {
    }

    /// <summary>These terms, over the policy of the same name and without rules for single models.</summary>
    public CachePolicyOverride(CachePolicyTerms terms)
        : base(terms)
    {
    }

    /// <summary>The policy that it starts from, shipped or configured; null: the shipped one of the same name, else an implicit policy without minimum.</summary>
    public string? Extends { get; init; }

    /// <summary>Rules that are asked before those of the extended policy.</summary>
    public ImmutableArray<ModelRule> Models { get; init; } = [];
}
