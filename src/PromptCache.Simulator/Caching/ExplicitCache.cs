namespace PromptCache.Simulator.Caching;

/// <summary>
/// Caching by breakpoints: entries are written at breakpoints only, and found by walking back from a breakpoint over at most
/// <see cref="Lookback"/> parts, the marked one being the first. Rules: Anthropic's "Prompt caching" page.
/// </summary>
internal sealed class ExplicitCache(TimeProvider time)
{
    public const int Lookback = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (DateTimeOffset Until, TimeSpan Ttl)> _entries = [];

    /// <summary>Looks a prompt up; below <paramref name="minTokens"/> a prefix is neither read nor written.</summary>
    public PendingWrite Look(MeasuredPrompt prompt, IReadOnlyList<int> breakpoints, int minTokens)
    {
        var arrived = time.GetUtcNow();
        var hit = Find(prompt, breakpoints, minTokens, arrived);
        var read = hit < 0 ? 0 : prompt.TokensThrough(hit);

        var writes = breakpoints.Where(b => b > hit && prompt.TokensThrough(b) >= minTokens).ToArray();
        var hourEnd = writes.Where(b => prompt.Parts[b].MarkedFor >= Hour).Select(prompt.TokensThrough).DefaultIfEmpty(read).Max();
        var end = writes.Select(prompt.TokensThrough).DefaultIfEmpty(read).Max();
        return new(new(read, end - hourEnd, hourEnd - read), () => Write(prompt, writes, arrived));
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    private int Find(MeasuredPrompt prompt, IReadOnlyList<int> breakpoints, int minTokens, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var breakpoint in breakpoints.Reverse())
            {
                for (var part = breakpoint; part >= 0 && part > breakpoint - Lookback; part--)
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

    // The clock of an entry starts with the request, not with the response.
    private void Write(MeasuredPrompt prompt, int[] breakpoints, DateTimeOffset arrived)
    {
        lock (_gate)
        {
            foreach (var breakpoint in breakpoints)
            {
                var ttl = prompt.Parts[breakpoint].MarkedFor!.Value;
                _entries[prompt.DigestThrough(breakpoint)] = (arrived + ttl, ttl);
            }
        }
    }
}
