namespace PromptCache.Core.Policies;

/// <summary>Puts an override over a policy, and checks what comes out.</summary>
internal static class PolicyOverrides
{
    public static CachePolicy Apply(CachePolicy below, CachePolicyOverride over, string name) => over.Over(below) with
    {
        Name = name,
        Models = [.. over.Models, .. below.Models.Select(rule => Under(rule, over))],
        Source = over == new CachePolicyOverride() ? below.Source : "configuration",
    };

    public static void Check(CachePolicy policy, List<string> errors)
    {
        NotNegative(policy.Name, nameof(policy.MinTokens), policy.MinTokens, errors);
        NotNegative(policy.Name, nameof(policy.ExplicitMinTokens), policy.ExplicitMinTokens ?? 0, errors);
        NotNegative(policy.Name, nameof(policy.RecomputedTokens), policy.RecomputedTokens, errors);
        NotNegative(policy.Name, nameof(policy.MaxBreakpoints), policy.MaxBreakpoints, errors);
        NotNegative(policy.Name, nameof(policy.LookbackBlocks), policy.LookbackBlocks, errors);
        NotNegative(policy.Name, nameof(policy.Write), policy.Write, errors);
        NotNegative(policy.Name, nameof(policy.WriteExtended), policy.WriteExtended, errors);
        NotNegative(policy.Name, nameof(policy.Read), policy.Read ?? 0, errors);
        NotNegative(policy.Name, nameof(policy.ExplicitRead), policy.ExplicitRead ?? 0, errors);
        StepAndTtl(policy.Name, policy.StepTokens, policy.Ttl, errors);
        if (policy.TtlExtended is { } extended && extended <= policy.Ttl)
        {
            errors.Add($"CachePolicies:{policy.Name}:TtlExtended ({extended}) must be longer than Ttl ({policy.Ttl}).");
        }

        for (var i = 0; i < policy.Models.Length; i++)
        {
            var rule = policy.Models[i];
            var path = $"{policy.Name}:Models:{i}";
            if (string.IsNullOrWhiteSpace(rule.Match))
            {
                errors.Add($"CachePolicies:{path}:Match is empty.");
            }

            NotNegative(path, nameof(rule.MinTokens), rule.MinTokens ?? 0, errors);
            StepAndTtl(path, rule.StepTokens ?? 1, rule.Ttl ?? policy.Ttl, errors);
        }
    }

    /// <summary>A word for all models replaces the inherited words for some.</summary>
    private static ModelRule Under(ModelRule rule, CachePolicyOverride over) => rule with
    {
        MinTokens = over.MinTokens is null ? rule.MinTokens : null,
        StepTokens = over.StepTokens is null ? rule.StepTokens : null,
        Ttl = over.Ttl is null ? rule.Ttl : null,
        DropsThinking = over.DropsThinking is null ? rule.DropsThinking : null,
        Use = rule.Use is { } other ? Apply(other, over with { Models = [] }, other.Name) : null,
    };

    private static void StepAndTtl(string path, int step, TimeSpan ttl, List<string> errors)
    {
        if (step < 1)
        {
            errors.Add($"CachePolicies:{path}:StepTokens must be at least 1, and is {step}.");
        }

        if (ttl <= TimeSpan.Zero)
        {
            errors.Add($"CachePolicies:{path}:Ttl must be longer than nothing, and is {ttl}.");
        }
    }

    private static void NotNegative(string path, string field, decimal value, List<string> errors)
    {
        if (value < 0)
        {
            errors.Add($"CachePolicies:{path}:{field} must not be negative, and is {value}.");
        }
    }
}
