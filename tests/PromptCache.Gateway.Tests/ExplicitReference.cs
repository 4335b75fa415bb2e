using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Tests;

/// <summary>One part of a prompt as the reference sees it.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Starts">Whether it begins a message.</param>
/// <param name="Text">The text.</param>
/// <param name="Minutes">How long the marker on it asks for; 0: no marker.</param>
internal sealed record ReferencePart(string Role, bool Starts, string Text, int Minutes);

/// <summary>Explicit caching a second time, in the plainest way: entries are whole prefixes as text, every position is tried, minutes are counted.</summary>
internal sealed class ExplicitReference(int minimum, int lookback, int most, ExcessRule excess)
{
    private readonly Dictionary<string, (double Until, int Minutes)> _entries = [];

    public double Now { get; set; }

    public (long Read, long Write5m, long Write1h) Send(IReadOnlyList<ReferencePart> parts)
    {
        var marked = Enumerable.Range(0, parts.Count).Where(i => parts[i].Minutes > 0).ToList();
        var kept = marked.TakeLast(excess == ExcessRule.OnlyLast ? 1 : most).ToList();
        var found = kept
            .SelectMany(mark => Enumerable.Range(0, lookback).Select(back => mark - back))
            .Where(i => i >= 0 && _entries.TryGetValue(Prefix(parts, i), out var entry) && entry.Until > Now)
            .Distinct().ToList();
        foreach (var i in found)
        {
            var minutes = _entries[Prefix(parts, i)].Minutes;
            _entries[Prefix(parts, i)] = (Now + minutes, minutes);
        }

        var hit = found.Count == 0 ? -1 : found.Max();
        var (a, b, c) = (Tokens(parts, hit), Tokens(parts, hit), Tokens(parts, hit));
        foreach (var mark in kept.Where(m => Tokens(parts, m) >= minimum && !found.Contains(m)))
        {
            var minutes = mark > hit ? parts[mark].Minutes : 5;
            _entries[Prefix(parts, mark)] = (Now + minutes, minutes);
            if (mark > hit)
            {
                c = Tokens(parts, mark);
                b = minutes == 60 ? c : b;
            }
        }

        return (a, c - b, b - a);
    }

    public static long Tokens(IReadOnlyList<ReferencePart> parts, int last) => parts.Take(last + 1).Sum(p => ExplicitCounts.Tokens(p.Text) + (p.Starts ? 4 : 0));

    private static string Prefix(IReadOnlyList<ReferencePart> parts, int last) => string.Concat(parts.Take(last + 1).Select(p => $"{p.Role}{(p.Starts ? '>' : '+')}{p.Text}\n"));
}
