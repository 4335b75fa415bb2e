namespace PromptCache.Core.Usage;

/// <summary>What holds for every usage: cached and written tokens together are part of the prompt.</summary>
public static class UsageBounds
{
    /// <summary>Clamps a report that contradicts itself, and marks it: reads first, then the longer-lived writes, fit into the prompt. A prompt that is not known bounds nothing.</summary>
    public static TokenUsage Clamp(TokenUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (usage.PromptTokens is not { } prompt)
        {
            return usage;
        }

        var read = Fit(usage.CacheRead, prompt);
        var hour = Fit(usage.CacheWrite1h, prompt - (read ?? 0));
        var write = Fit(usage.CacheWrite, prompt - (read ?? 0) - (hour ?? 0));
        return read == usage.CacheRead && hour == usage.CacheWrite1h && write == usage.CacheWrite
            ? usage
            : usage with { CacheRead = read, CacheWrite1h = hour, CacheWrite = write, Inconsistent = true };
    }

    private static long? Fit(long? count, long room) => count is { } value ? Math.Clamp(value, 0, Math.Max(room, 0)) : null;
}
