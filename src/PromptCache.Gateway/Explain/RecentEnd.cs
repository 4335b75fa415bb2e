namespace PromptCache.Gateway.Explain;

/// <summary>When a prefix was last recorded, and for how long.</summary>
internal readonly record struct RecentEnd(DateTimeOffset At, TimeSpan Ttl)
{
    public DateTimeOffset Until => At + Ttl;
}
