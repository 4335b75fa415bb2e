using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Configuration;

/// <summary>A cache policy of the operator's own, or changes to a shipped one of the same name.</summary>
internal sealed class CachePolicyOptions
{
    /// <summary>The policy that it starts from. Default: the shipped one of the same name, else a plain implicit one.</summary>
    public string? Extends { get; set; }

    public CacheMode? Mode { get; set; }

    public int? MinTokens { get; set; }

    public int? ExplicitMinTokens { get; set; }

    public int? StepTokens { get; set; }

    public int? RecomputedTokens { get; set; }

    public bool? WholeOnResend { get; set; }

    public TimeSpan? Ttl { get; set; }

    public TimeSpan? TtlExtended { get; set; }

    public bool? MessagesSalt { get; set; }

    public bool? DropsThinking { get; set; }

    public bool? AutomaticBreakpoint { get; set; }

    public int? MaxBreakpoints { get; set; }

    public ExcessRule? OnExcess { get; set; }

    public int? LookbackBlocks { get; set; }

    public decimal? Write { get; set; }

    public decimal? WriteExtended { get; set; }

    public decimal? Read { get; set; }

    public decimal? ExplicitRead { get; set; }

    public List<ModelRuleOptions> Models { get; set; } = [];
}
