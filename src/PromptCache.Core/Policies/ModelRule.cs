namespace PromptCache.Core.Policies;

/// <summary>What differs for the models of one name pattern; null: the policy's own value.</summary>
/// <param name="Match">
/// A model name; <c>*</c> stands for anything, case does not matter, and <c>.</c>, <c>_</c>, <c>@</c> and <c>:</c> are the same as <c>-</c>.
/// It is held against the name with and without its vendor prefix. The first rule that matches wins.
/// </param>
public sealed record ModelRule(string Match)
{
    public int? MinTokens { get; init; }

    public int? StepTokens { get; init; }

    public TimeSpan? Ttl { get; init; }

    public bool? DropsThinking { get; init; }

    /// <summary>Other rules altogether: those of another policy, whose own <see cref="CachePolicy.Models"/> count then.</summary>
    public CachePolicy? Use { get; init; }

    /// <summary>Where the number comes from.</summary>
    public string? Source { get; init; }
}
