using PromptCache.Core.Policies;

namespace PromptCache.Core.Tests.Policies;

internal static class DecisionAssertions
{
    /// <summary>The settled buckets and the reason, all at once.</summary>
    public static void ShouldCount(this CacheDecision decision, int read, int write = 0, int write1h = 0, string? reason = null)
    {
        decision.Settle(null).ShouldBe(new CacheCounts(read, write, write1h));
        if (reason is not null)
        {
            decision.Reason.ShouldBe(reason);
        }
    }
}
