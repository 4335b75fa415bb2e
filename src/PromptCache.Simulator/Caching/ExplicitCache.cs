namespace PromptCache.Simulator.Caching;

/// <summary>
/// Caching by breakpoints: entries are written at breakpoints only, and found by walking back from a breakpoint over so many
/// parts, the marked one being the first. Rules: Anthropic's "Prompt caching" page.
/// </summary>
internal sealed class ExplicitCache(TimeProvider time)
{
    /// <summary>How far Anthropic and Qwen walk back.</summary>
    public const int DefaultLookback = 20;

    private const int SweepAbove = 100_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (DateTimeOffset Until, TimeSpan Ttl)> _entries = [];

    /// <summary>Looks a prompt up.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="breakpoints">In the prompt's order.</param>
    /// <param name="minTokens">A shorter prefix is neither read nor written.</param>
    /// <param name="lookback">The parts to walk back over from each breakpoint.</param>
    public PendingWrite Look(MeasuredPrompt prompt, IReadOnlyList<Breakpoint> breakpoints, int minTokens, int lookback = DefaultLookback)
    {
        var arrived = time.GetUtcNow();
        Breakpoint[] valid = [.. breakpoints.Where(b => prompt.TokensThrough(b.Part) >= minTokens)];
        var hit = Find(prompt, breakpoints, minTokens, lookback, arrived);
        var read = hit < 0 ? 0 : prompt.TokensThrough(hit);
        var hourEnd = valid.Where(b => b.Part > hit && b.Ttl >= Hour).Select(b => prompt.TokensThrough(b.Part)).DefaultIfEmpty(read).Max();
        var end = valid.Where(b => b.Part > hit).Select(b => prompt.TokensThrough(b.Part)).DefaultIfEmpty(read).Max();
        return new(new(read, end - hourEnd, hourEnd - read), () => Write(prompt, valid, hit, arrived));
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    private int Find(MeasuredPrompt prompt, IReadOnlyList<Breakpoint> breakpoints, int minTokens, int lookback, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var breakpoint in breakpoints.Reverse())
            {
                for (var part = breakpoint.Part; part >= 0 && part > breakpoint.Part - lookback; part--)
                {
                    if (IsAlive(prompt.DigestThrough(part), now) && prompt.TokensThrough(part) >= minTokens)
                    {
                        Renew(prompt, part, now);
                        return part;
                    }
                }
            }

            return -1;
        }
    }

    private bool IsAlive(UInt128 digest, DateTimeOffset now) => _entries.TryGetValue(digest, out var entry) && entry.Until > now;

    // Whoever reads a prefix uses every shorter one that lies in it.
    private void Renew(MeasuredPrompt prompt, int through, DateTimeOffset now)
    {
        for (var part = 0; part <= through; part++)
        {
            var digest = prompt.DigestThrough(part);
            if (IsAlive(digest, now))
            {
                _entries[digest] = (now + _entries[digest].Ttl, _entries[digest].Ttl);
            }
        }
    }

    // The clock of an entry starts with the request, not with the response. What lies within the part that was read is not billed
    // as written again: an entry there has the shorter lifetime, and one that is alive keeps its own.
    private void Write(MeasuredPrompt prompt, Breakpoint[] breakpoints, int hit, DateTimeOffset arrived)
    {
        lock (_gate)
        {
            foreach (var (part, ttl) in breakpoints)
            {
                var digest = prompt.DigestThrough(part);
                if (part > hit || !IsAlive(digest, arrived))
                {
                    var lifetime = part > hit || ttl < Hour ? ttl : TimeSpan.FromMinutes(5);
                    _entries[digest] = (arrived + lifetime, lifetime);
                }
            }

            if (_entries.Count > SweepAbove)
            {
                foreach (var (digest, _) in _entries.Where(e => e.Value.Until <= arrived).ToArray())
                {
                    _entries.Remove(digest);
                }
            }
        }
    }
}
