using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Configuration;

/// <summary>A cache policy of the operator's own, or changes to a shipped one of the same name.</summary>
internal sealed record CachePolicyOptions : CachePolicyTerms
{
    /// <summary>The policy that it starts from. Default: the shipped one of the same name, else a plain implicit one.</summary>
    public string? Extends { get; set; }

    public List<ModelRuleOptions> Models { get; set; } = [];
}
