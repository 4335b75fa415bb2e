using PromptCache.Core.Requests;

namespace PromptCache.Core.Prefixes;

/// <summary>Marks segments on the way to the provider.</summary>
public static class SegmentMarking
{
    /// <summary>Whether a <c>cache_control</c> may be put on the segment: on a definition, a part, a call, or a string that becomes a part.</summary>
    public static bool CanMark(this in Segment segment) => segment.Kind switch
    {
        SegmentKind.Schema or SegmentKind.Null or SegmentKind.Reasoning => false,
        SegmentKind.Text or SegmentKind.ToolResult when segment.Text.IsEmpty => false,
        _ => segment.Origin is SegmentOrigin.Content or SegmentOrigin.Tools or SegmentOrigin.Functions or SegmentOrigin.ToolCalls,
    };

    /// <summary>Puts a <c>cache_control</c> on a segment of the editor's request. A segment that has a marker keeps it.</summary>
    /// <param name="editor">The changes to which this one is added.</param>
    /// <param name="segment">A segment of the same request.</param>
    /// <param name="cacheControl">The member's value, such as <c>{"type":"ephemeral"}</c>.</param>
    /// <returns>False when no marker may stand there.</returns>
    public static bool TryMark(this RequestEditor editor, in Segment segment, ReadOnlySpan<byte> cacheControl)
    {
        if (segment.Marker.Exists)
        {
            return true;
        }

        if (!segment.CanMark())
        {
            return false;
        }

        editor.AddCacheControl(segment.Source, cacheControl);
        return true;
    }
}
