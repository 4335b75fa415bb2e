using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;

namespace PromptCache.Gateway.Explain;

/// <summary>Says where a prompt leaves what is known, and why that is likely so.</summary>
internal sealed class DifferenceFinder(RecentPrompts recents, TimeProvider time, bool dropsThinking, BlockChain? otherMode)
{
    /// <param name="tenant">Whose prompt it is.</param>
    /// <param name="segments">The prompt.</param>
    /// <param name="chain">The same as a chain.</param>
    /// <param name="knownBlocks">The store's answer.</param>
    /// <returns>Null when all of it is known.</returns>
    public ExplainDifference? Find(string tenant, SegmentList segments, BlockChain chain, int knownBlocks)
    {
        if (knownBlocks >= chain.Count)
        {
            return null;
        }

        var first = 0;
        while (chain.SegmentEnds[first] <= knownBlocks)
        {
            first++;
        }

        recents.Drain();
        ref readonly var segment = ref segments[first];
        return new ExplainDifference(
            first, segments.PathOf(first), segment.Level.ToString().ToLowerInvariant(), chain.TokensAt(knownBlocks), Causes(tenant, segments, chain, first));
    }

    private ImmutableArray<ExplainCause> Causes(string tenant, SegmentList segments, BlockChain chain, int first)
    {
        if (Gone(chain, first) is { } gone)
        {
            return [gone];
        }

        if (otherMode is not null && recents.EndSeen(otherMode, first) is not null)
        {
            return [new(CauseCode.OtherMode, Certain: true, "The same prompt was sent before with markers where it has none now, or the other way round. This provider keeps two caches, what is marked and what it caches by itself, and a request reads one of them.")];
        }

        var causes = ImmutableArray.CreateBuilder<ExplainCause>();
        ref readonly var segment = ref segments[first];
        var text = segments.TextOf(segment);
        var starts = segment.Level != SegmentLevel.Tools && (first == 0 || segments[first - 1].Level != segment.Level);
        if (starts && recents.ParametersThatDiffer(tenant, segments, chain, first) is { Count: > 0 } parameters)
        {
            var (same, lost) = segment.Level == SegmentLevel.System ? ("system prompt was", "the system prompt and the messages, and leave the tools cached") : ("messages were", "the messages and leave tools and system cached");
            causes.Add(new(CauseCode.Parameters, Certain: true, $"The same {same} seen with other request parameters: {string.Join(", ", parameters)}. These invalidate {lost}."));
        }
        else if (dropsThinking && segment.Kind == SegmentKind.Reasoning && first < segments.LastUserTurn() && recents.FormsSeen(tenant, text) is [(LooseForm.Exact, _), ..])
        {
            causes.Add(new(CauseCode.ThinkingDropped, Certain: true, "This model forgets what it thought before a user's turn that is no tool result: the messages from here on are not those that were cached."));
        }

        if (causes.Count == 0 && Similar(recents.FormsSeen(tenant, text), segment.Level) is { } similar)
        {
            causes.Add(similar);
        }

        var isLast = segment.Level == SegmentLevel.Messages && segment.Item == segments[segments.Count - 1].Item;
        if (!isLast && !causes.Any(c => c.Certain) && VolatileText.Find(Encoding.UTF8.GetString(text)) is { IsEmpty: false } found)
        {
            var list = string.Join(", ", found.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} (at character {f.At})")));
            causes.Add(new(CauseCode.VolatileFound, Certain: false, $"The segment holds {list}. What changes with every request belongs behind everything that stays, in the last message."));
        }

        if (causes.Count == 0)
        {
            causes.Add(isLast && first > 0
                ? new(CauseCode.NewTurn, Certain: false, "The newest message is new, as it is in every conversation; what comes before it is known.")
                : new(CauseCode.NeverSeen, Certain: false, "Nothing like this segment was seen at this place as far as this gateway remembers."));
        }

        return causes.ToImmutable();
    }

    /// <summary>Whether the prompt was known further than it is now.</summary>
    private ExplainCause? Gone(BlockChain chain, int first)
    {
        RecentEnd? seen = null;
        for (var i = first; i < chain.SegmentEnds.Length && recents.EndSeen(chain, i) is { } end; i++)
        {
            seen = end;
        }

        return seen switch
        {
            null => null,
            { } end when end.Until <= time.GetUtcNow() => new(CauseCode.Expired, Certain: true, $"The prompt was known further and expired at {Clock(end.Until)}: it was last recorded at {Clock(end.At)} for {Minutes(end.Ttl)}."),
            { } end => new(CauseCode.Evicted, Certain: true, $"The prompt was recorded at {Clock(end.At)} for {Minutes(end.Ttl)} and is gone: the store was full, was emptied, or could not be reached then."),
        };
    }

    private ExplainCause? Similar(IReadOnlyList<(LooseForm Form, DateTimeOffset At)> seen, SegmentLevel level)
    {
        if (seen.Count == 0)
        {
            return null;
        }

        var (form, at) = seen[0];
        var what = level == SegmentLevel.Tools ? "The same tool" : "The same text";
        return form switch
        {
            LooseForm.Exact => new(CauseCode.Moved, Certain: true, $"{what} was seen at {Clock(at)} behind another beginning: something before it was inserted, removed, reordered or changed."),
            LooseForm.KeyOrder => new(CauseCode.KeyOrder, Certain: true, $"{what} was seen at {Clock(at)} with its JSON members in another order. Serialise with a stable key order."),
            LooseForm.WhiteSpace => new(CauseCode.WhiteSpace, Certain: true, $"{what} was seen at {Clock(at)} with other white space. A prefix is cached by its exact characters."),
            LooseForm.Case => new(CauseCode.Case, Certain: true, $"{what} was seen at {Clock(at)} in other upper and lower case. A prefix is cached by its exact characters."),
            _ => new(CauseCode.VolatileChanged, Certain: true, $"{what} was seen at {Clock(at)} with another date, time, id or name in it. What changes with every request belongs in the last message."),
        };
    }

    private string Clock(DateTimeOffset at)
        => at.UtcDateTime.ToString(at.UtcDateTime.Date == time.GetUtcNow().UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Minutes(TimeSpan ttl) => string.Create(CultureInfo.InvariantCulture, $"{ttl.TotalMinutes:0.##} min");
}
