using PromptCache.Core.Prefixes;

namespace PromptCache.Gateway.Explain;

/// <summary>The segments with which the levels behind the tools begin; -1: there is none.</summary>
/// <param name="System">The first one behind the tools that is no message.</param>
/// <param name="Messages">The first message.</param>
internal readonly record struct LevelStarts(int System, int Messages)
{
    public static LevelStarts Of(SegmentList segments) => new(First(segments, SegmentLevel.System), First(segments, SegmentLevel.Messages));

    private static int First(SegmentList segments, SegmentLevel level)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Level == level)
            {
                return i;
            }
        }

        return -1;
    }
}
