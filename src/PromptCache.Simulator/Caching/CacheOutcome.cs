namespace PromptCache.Simulator.Caching;

/// <summary>What a request reads and writes: disjoint token counts, all within the prompt's total.</summary>
internal readonly record struct CacheOutcome(int Read, int Write5m, int Write1h)
{
    public int Written => Write5m + Write1h;
}
