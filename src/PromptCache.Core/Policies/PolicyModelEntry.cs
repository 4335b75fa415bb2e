namespace PromptCache.Core.Policies;

/// <summary>What differs for some models, in <c>policies.json</c>.</summary>
internal sealed record PolicyModelEntry
{
    public required string Match { get; init; }

    public int? MinTokens { get; init; }

    public int? StepTokens { get; init; }

    public TimeSpan? Ttl { get; init; }

    public bool? DropsThinking { get; init; }

    /// <summary>Another policy's name.</summary>
    public string? Use { get; init; }

    public required string Source { get; init; }
}
