namespace PromptCache.Core.Policies;

/// <summary>What somebody says about caching over a policy that is there: the data file over the defaults, the configuration over what ships. Null: unchanged.</summary>
public abstract record CachePolicyTerms
{
    public CacheMode? Mode { get; init; }

    /// <summary>Also in place of what the extended policy says for single models and for markers, unless its own rules for single models or <see cref="ExplicitMinTokens"/> says otherwise.</summary>
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

    public bool? SeparateModes { get; init; }

    public int? MaxBreakpoints { get; init; }

    public ExcessRule? OnExcess { get; init; }

    public int? LookbackBlocks { get; init; }

    public decimal? Write { get; init; }

    public decimal? WriteExtended { get; init; }

    public decimal? Read { get; init; }

    public decimal? ExplicitRead { get; init; }

    /// <summary>The policy with these terms in place of its own. Its rules for single models, and where it comes from, are the caller's to settle.</summary>
    internal CachePolicy Over(CachePolicy below) => below with
    {
        Mode = Mode ?? below.Mode,
        MinTokens = MinTokens ?? below.MinTokens,
        ExplicitMinTokens = ExplicitMinTokens ?? (MinTokens is null ? below.ExplicitMinTokens : null),
        StepTokens = StepTokens ?? below.StepTokens,
        RecomputedTokens = RecomputedTokens ?? below.RecomputedTokens,
        Ttl = Ttl ?? below.Ttl,
        // What a request may ask of an implicit policy is no longer lifetime once the policy's own is as long.
        TtlExtended = TtlExtended ?? (below.Mode == CacheMode.Implicit && Ttl >= below.TtlExtended ? null : below.TtlExtended),
        MessagesSalt = MessagesSalt ?? below.MessagesSalt,
        DropsThinking = DropsThinking ?? below.DropsThinking,
        AutomaticBreakpoint = AutomaticBreakpoint ?? below.AutomaticBreakpoint,
        WholeOnResend = WholeOnResend ?? below.WholeOnResend,
        SeparateModes = SeparateModes ?? below.SeparateModes,
        MaxBreakpoints = MaxBreakpoints ?? below.MaxBreakpoints,
        OnExcess = OnExcess ?? below.OnExcess,
        LookbackBlocks = LookbackBlocks ?? below.LookbackBlocks,
        Write = Write ?? below.Write,
        WriteExtended = WriteExtended ?? below.WriteExtended,
        Read = Read ?? below.Read,
        ExplicitRead = ExplicitRead ?? (Read is null ? below.ExplicitRead : null),
    };
}
