using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;

namespace PromptCache.Core.Policies;

/// <summary>Which markers of a request count under a policy, and which make it invalid.</summary>
internal static class MarkerRules
{
    private const string Control = "cache_control";

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    /// <summary>Whether markers decide about this request.</summary>
    public static bool AreUsed(CachePolicy policy, SegmentList segments) => policy.Mode switch
    {
        CacheMode.Explicit => true,
        CacheMode.Both => policy.AutomaticBreakpoint || segments.Automatic.Exists || HasMarker(segments),
        _ => false,
    };

    /// <summary>The markers that count, in the prompt's order; or what is wrong with them.</summary>
    /// <param name="policy">The rules for the model.</param>
    /// <param name="segments">The prompt.</param>
    /// <param name="marks">The markers that count; useless when there is an error.</param>
    /// <returns>The error, or null.</returns>
    public static RequestError? Select(CachePolicy policy, SegmentList segments, out List<MarkedSegment> marks)
    {
        marks = [];
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Marker is { Exists: true } marker)
            {
                if (Lifetime(policy, marker.Ttl) is not { } lifetime)
                {
                    return UnknownTtl(policy, $"{PathOf(segments[i])}.ttl");
                }

                marks.Add(new(i, lifetime.Ttl, lifetime.Extended));
            }
        }

        return AddAutomatic(policy, segments, marks) ?? LimitCount(policy, segments, marks) ?? CheckOrder(segments, marks);
    }

    private static bool HasMarker(SegmentList segments)
    {
        foreach (ref readonly var segment in segments.Segments)
        {
            if (segment.Marker.Exists)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a marker's ttl means here. "5m" and "1h" may stand in front of any policy: the nearest lifetime that it has is taken. Any other must be one of its own.</summary>
    private static (TimeSpan Ttl, bool Extended)? Lifetime(CachePolicy policy, TimeSpan? asked)
    {
        if (asked is { } ttl && ttl != policy.Ttl)
        {
            if (policy.TtlExtended is { } extended && (ttl == extended || ttl == OneHour))
            {
                return (extended, true);
            }

            if (ttl != FiveMinutes && ttl != OneHour)
            {
                return null;
            }
        }

        return (policy.Ttl, false);
    }

    private static RequestError? AddAutomatic(CachePolicy policy, SegmentList segments, List<MarkedSegment> marks)
    {
        var asked = segments.Automatic;
        var unasked = policy.AutomaticBreakpoint && segments.OptionsMode != CacheOptionsMode.Explicit;
        if (!(asked.Exists || unasked) || LastCacheable(segments) is not (var at and >= 0))
        {
            return null;
        }

        if (Lifetime(policy, asked.Ttl) is not { } lifetime)
        {
            return UnknownTtl(policy, $"{Control}.ttl");
        }

        var there = marks.FindIndex(m => m.Segment == at);
        if (there < 0)
        {
            var behind = marks.FindIndex(m => m.Segment > at);
            marks.Insert(behind < 0 ? marks.Count : behind, new(at, lifetime.Ttl, lifetime.Extended) { Automatic = true });
            return null;
        }

        return asked.Exists && marks[there].Extended != lifetime.Extended
            ? new RequestError($"The top-level cache_control and the one at {PathOf(segments[at])} mark the same block with different ttl values.", Control, "invalid_cache_control")
            : null;
    }

    private static RequestError? LimitCount(CachePolicy policy, SegmentList segments, List<MarkedSegment> marks)
    {
        var limit = policy.OnExcess == ExcessRule.OnlyLast ? 1 : policy.MaxBreakpoints;
        if (limit == 0 || marks.Count <= limit)
        {
            return null;
        }

        if (policy.OnExcess != ExcessRule.Reject)
        {
            marks.RemoveRange(0, marks.Count - limit);
            return null;
        }

        var path = marks.Exists(m => m.Automatic) ? Control : PathOf(segments[marks[limit].Segment]);
        return new RequestError($"At most {limit} blocks can carry cache_control, the automatic one included; this request has {marks.Count}.", path, "too_many_cache_breakpoints");
    }

    private static RequestError? CheckOrder(SegmentList segments, List<MarkedSegment> marks)
    {
        for (var i = 1; i < marks.Count; i++)
        {
            if (marks[i].Extended && !marks[i - 1].Extended)
            {
                var path = marks[i].Automatic ? Control : PathOf(segments[marks[i].Segment]);
                return new RequestError("A cache_control with a longer ttl must not come after one with a shorter ttl.", $"{path}.ttl", "invalid_cache_control");
            }
        }

        return null;
    }

    /// <summary>The last segment that a breakpoint may stand on; -1: there is none.</summary>
    private static int LastCacheable(SegmentList segments)
    {
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (segments[i].CanMark())
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Where the segment's marker stands in the request. That of a content that is no array is the message's.</summary>
    private static string PathOf(in Segment segment)
        => $"{(segment is { Origin: SegmentOrigin.Content, Part: < 0 } ? $"messages[{segment.Item}]" : SegmentPath.Of(segment))}.{Control}";

    private static RequestError UnknownTtl(CachePolicy policy, string path)
        => new($"This ttl is none that the cache policy '{policy.Name}' has.", path, "invalid_cache_control");
}
