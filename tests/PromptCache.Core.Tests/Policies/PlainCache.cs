using PromptCache.Core.Policies;

namespace PromptCache.Core.Tests.Policies;

/// <summary>
/// The rules written a second time in the plainest way: a prompt is a list of texts, an entry is the whole text of its prefix, and every position is tried.
/// Knows no chain, no hash, no block but for the implicit grid of 128 words.
/// </summary>
internal sealed class PlainCache(int minimum, int step, int lookback, int maxMarks, ExcessRule excess, bool automatic)
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (int Until, int Minutes)> _entries = [];
    private readonly Dictionary<string, int> _known = [];

    public int Now { get; set; }

    public CacheCounts Explicit(IReadOnlyList<(string Text, TimeSpan? Ttl)> segments)
    {
        var marked = Enumerable.Range(0, segments.Count).Where(i => segments[i].Ttl is not null || (automatic && i == segments.Count - 1)).ToList();
        var keep = excess == ExcessRule.OnlyLast ? 1 : maxMarks;
        marked = marked.Skip(Math.Max(0, marked.Count - keep)).ToList();
        if (marked.Count == 0)
        {
            return default;
        }

        var found = new HashSet<int>();
        foreach (var mark in marked)
        {
            for (var i = mark; i >= 0 && (lookback == 0 || i > mark - lookback); i--)
            {
                if (_entries.TryGetValue(Prefix(segments, i), out var entry) && entry.Until > Now)
                {
                    found.Add(i);
                }
            }
        }

        foreach (var i in found)
        {
            var (_, minutes) = _entries[Prefix(segments, i)];
            _entries[Prefix(segments, i)] = (Now + minutes, minutes);
        }

        var hit = found.Count == 0 ? -1 : found.Max();
        var a = Tokens(segments, hit);
        var (b, c) = (a, a);
        foreach (var mark in marked.Where(m => Tokens(segments, m) >= minimum && !found.Contains(m)))
        {
            var hour = segments[mark].Ttl == Long;
            if (mark > hit)
            {
                c = Tokens(segments, mark);
                b = hour ? c : b;
            }

            _entries[Prefix(segments, mark)] = hour && mark > hit ? (Now + 60, 60) : (Now + 5, 5);
        }

        return new CacheCounts(a, c - b, b - a);
    }

    public CacheCounts Implicit(IReadOnlyList<(string Text, TimeSpan? Ttl)> segments)
    {
        var positions = new List<(string Prefix, int Tokens)>();
        var (before, tokens) = ("", 0);
        foreach (var (text, _) in segments)
        {
            var words = text.Split(' ');
            for (var end = 128; end - 128 < words.Length; end += 128)
            {
                var taken = Math.Min(end, words.Length);
                positions.Add((before + string.Join(' ', words[..taken]) + (taken == end ? "" : "|"), tokens + taken));
            }

            before += text + "|";
            tokens += words.Length;
        }

        var read = 0;
        foreach (var position in positions)
        {
            if (!_known.TryGetValue(position.Prefix, out var until) || until <= Now)
            {
                break;
            }

            read = position.Tokens;
        }

        foreach (var position in positions)
        {
            _known[position.Prefix] = Now + 5;
        }

        return new CacheCounts(read < minimum ? 0 : read / step * step, 0, 0);
    }

    public static TimeSpan? Pick(int choice) => choice == 0 ? Long : Short;

    private static string Prefix(IReadOnlyList<(string Text, TimeSpan? Ttl)> segments, int last) => string.Concat(segments.Take(last + 1).Select(s => s.Text + "|"));

    private static int Tokens(IReadOnlyList<(string Text, TimeSpan? Ttl)> segments, int last) => segments.Take(last + 1).Sum(s => s.Text.Split(' ').Length);
}
