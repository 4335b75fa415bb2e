namespace PromptCache.Core.Policies;

/// <summary>What differs for the models of one name pattern; null: the policy's own value.</summary>
/// <param name="Match">A model name; <c>*</c> stands for anything. The first rule that matches wins.</param>
public sealed record ModelRule(string Match)
{
    public int? MinTokens { get; init; }

    public int? StepTokens { get; init; }

    public TimeSpan? Ttl { get; init; }

    /// <summary>Where the number comes from.</summary>
    public string? Source { get; init; }
}
