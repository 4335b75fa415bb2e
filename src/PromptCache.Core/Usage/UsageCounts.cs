namespace PromptCache.Core.Usage;

/// <summary>The counts of a usage object as they stand there, each under the first of its names that is used.</summary>
internal ref struct UsageCounts
{
    private readonly ReadOnlySpan<byte> _json;

    public UsageCounts(ReadOnlySpan<byte> json, ObjectMembers usage)
    {
        _json = json;
        var input = usage.Inner(json, UsageNames.PromptDetails) ?? usage.Inner(json, UsageNames.InputDetails) ?? ObjectMembers.None;
        var output = usage.Inner(json, UsageNames.CompletionDetails) ?? usage.Inner(json, UsageNames.OutputDetails) ?? ObjectMembers.None;
        var split = input.Inner(json, UsageNames.Creation) ?? input.Inner(json, UsageNames.CreationDetails) ?? usage.Inner(json, UsageNames.Creation) ?? ObjectMembers.None;

        Prompt = Count(usage, UsageNames.Prompt);
        Total = Count(usage, UsageNames.Total);
        Input = Prompt is null ? Count(usage, UsageNames.Input) : null;
        Completion = Count(usage, UsageNames.Completion) ?? Count(usage, UsageNames.Output);
        Reasoning = Count(output, UsageNames.Reasoning) ?? Count(usage, UsageNames.Reasoning);
        Hit = Count(usage, UsageNames.Hit);
        Miss = Count(usage, UsageNames.Miss);
        Read = Hit ?? Count(usage, UsageNames.Cached) ?? Count(input, UsageNames.Cached) ?? Count(usage, UsageNames.ReadInput) ?? Count(usage, UsageNames.FlatRead);
        WriteSum = Count(input, UsageNames.CacheWrite) ?? Count(input, UsageNames.CreationTokens) ?? Count(input, UsageNames.CreationInput) ?? Count(split, UsageNames.CreationInput)
            ?? Count(usage, UsageNames.CreationInput) ?? Count(usage, UsageNames.CreationTokens) ?? Count(usage, UsageNames.FlatWrite);
        Write5m = Count(split, UsageNames.Ephemeral5m);
        Write1h = Count(split, UsageNames.Ephemeral1h);
        Audio = Count(input, UsageNames.Audio);
        AudioRead = Count(input.Inner(json, UsageNames.CachedDetails) ?? ObjectMembers.None, UsageNames.Audio);
        AudioCompletion = Count(output, UsageNames.Audio);
        HasAnthropicShape = input.Count == 0 && (usage.Find(json, UsageNames.ReadInput) is not null || usage.Find(json, UsageNames.CreationInput) is not null);
    }

    /// <summary>A count was there that cannot be one.</summary>
    public bool SawBad { get; set; }

    public long? Prompt { get; }

    public long? Total { get; }

    public long? Input { get; }

    public long? Completion { get; }

    public long? Reasoning { get; }

    public long? Hit { get; }

    public long? Miss { get; }

    public long? Read { get; }

    public long? WriteSum { get; }

    public long? Write5m { get; }

    public long? Write1h { get; }

    public long? Audio { get; }

    public long? AudioRead { get; }

    public long? AudioCompletion { get; }

    public readonly bool HasWrites => WriteSum is not null || Write5m is not null || Write1h is not null;

    /// <summary>Cache tokens stand beside the input, not inside it.</summary>
    public bool HasAnthropicShape { get; }

    private long? Count(ObjectMembers members, ReadOnlySpan<byte> name)
    {
        var number = TokenNumber.Read(_json, members.Find(_json, name));
        SawBad |= number.IsBad;
        return number.Value;
    }
}
