using PromptCache.Core.Prefixes;

namespace PromptCache.Core.Policies;

/// <summary>Puts a model's own values in a policy's place.</summary>
internal static class PolicyResolver
{
    public static CachePolicy ForModel(CachePolicy policy, string model)
    {
        foreach (var rule in policy.Models)
        {
            if (!ModelPattern.Matches(rule.Match, model))
            {
                continue;
            }

            return rule.Use is { } other
                ? ForModel(other, model)
                : policy with
                {
                    MinTokens = rule.MinTokens ?? policy.MinTokens,
                    ExplicitMinTokens = rule.MinTokens is null ? policy.ExplicitMinTokens : null,
                    StepTokens = rule.StepTokens ?? policy.StepTokens,
                    Ttl = rule.Ttl ?? policy.Ttl,
                    DropsThinking = rule.DropsThinking ?? policy.DropsThinking,
                    Models = [],
                };
        }

        return policy.Models.IsEmpty ? policy : policy with { Models = [] };
    }

    /// <summary>The same rules for a request without markers. What a provider caches by itself lives as long as the request asks, if it can ask.</summary>
    public static CachePolicy ForPrefix(CachePolicy policy, SegmentList segments)
        => segments.ExtendedRetention && policy is { Mode: CacheMode.Implicit, TtlExtended: { } extended } && extended > policy.Ttl ? policy with { Ttl = extended } : policy;

    /// <summary>The same rules once a request is known to be explicit.</summary>
    public static CachePolicy ForMarkers(CachePolicy policy) => policy with
    {
        MinTokens = policy.ExplicitMinTokens ?? policy.MinTokens,
        Read = policy.ExplicitRead ?? policy.Read,
    };
}
