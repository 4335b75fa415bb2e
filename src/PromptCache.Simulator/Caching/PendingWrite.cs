namespace PromptCache.Simulator.Caching;

/// <summary>A lookup's result, and the entries that become readable when the response begins.</summary>
internal sealed class PendingWrite(CacheOutcome outcome, Action commit)
{
    public static PendingWrite Nothing { get; } = new(default, static () => { });

    public CacheOutcome Outcome => outcome;

    /// <summary>Makes the entries readable. Called once, when the response has begun.</summary>
    public void Commit() => commit();
}
