using PromptCache.Core.Prefixes;

namespace PromptCache.Core.Blocks;

/// <summary>A segment's canonical bytes, taken apart: what is tokenized, and what stands before and behind it.</summary>
internal readonly ref struct SegmentParts
{
    public required ReadOnlySpan<byte> Canonical { get; init; }

    /// <summary>Everything before the text; everything, when there is no text.</summary>
    public required ReadOnlySpan<byte> Header { get; init; }

    public required ReadOnlySpan<byte> Text { get; init; }

    public required ReadOnlySpan<byte> Trailer { get; init; }

    public static SegmentParts Of(SegmentList list, in Segment segment)
    {
        var canonical = list.CanonicalOf(segment);
        var start = segment.Text.IsEmpty ? canonical.Length : segment.Text.Start - segment.Canonical.Start;
        var end = start + segment.Text.Length;
        return new() { Canonical = canonical, Header = canonical[..start], Text = canonical[start..end], Trailer = canonical[end..] };
    }
}
