namespace PromptCache.Simulator.Caching;

/// <summary>The longest known prefix, found by walking from the prompt's start. Every use renews what was used.</summary>
internal sealed class ImplicitCache(TimeProvider time)
{
    private const int SweepEvery = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, DateTimeOffset> _expiry = [];
    private int _untilSweep = SweepEvery;

    /// <summary>Looks a prompt up under a provider's rules.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="rules">The provider's.</param>
    /// <param name="asksLong">Whether the request asks for the long lifetime, where there is one.</param>
    public PendingWrite Look(MeasuredPrompt prompt, CacheRules rules, bool asksLong = false)
    {
        var ttl = asksLong ? rules.LongTtl ?? rules.Ttl : rules.Ttl;
        var read = rules.Readable(Match(prompt, ttl), prompt);
        return new(new(read, 0, 0), () => Record(prompt, ttl));
    }

    public void Clear()
    {
        lock (_gate)
        {
            _expiry.Clear();
        }
    }

    private int Match(MeasuredPrompt prompt, TimeSpan ttl)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var matched = 0;
            while (matched < prompt.Digests.Length && _expiry.TryGetValue(prompt.Digests[matched], out var until) && until > now)
            {
                _expiry[prompt.Digests[matched++]] = Later(until, now + ttl);
            }

            return matched == 0 ? 0 : prompt.TokensAt[matched - 1];
        }
    }

    // Nobody's use shortens what another has asked for.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Record(MeasuredPrompt prompt, TimeSpan ttl)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var digest in prompt.Digests)
            {
                _expiry[digest] = Later(_expiry.GetValueOrDefault(digest), now + ttl);
            }

            if ((_untilSweep -= prompt.Digests.Length) <= 0)
            {
                _untilSweep = SweepEvery;
                foreach (var (digest, until) in _expiry)
                {
                    if (until <= now)
                    {
                        _expiry.Remove(digest);
                    }
                }
            }
        }
    }
}
