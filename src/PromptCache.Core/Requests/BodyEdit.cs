using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>One change of a body: these bytes in place of that stretch. An empty stretch: an insertion in front of its start.</summary>
internal readonly record struct BodyEdit(ByteRange Range, byte[] Bytes, int Sequence)
{
    /// <summary>By position; at one position insertions come first, in the order in which they were asked for.</summary>
    public static int Compare(BodyEdit left, BodyEdit right)
        => (left.Range.Start, left.Range.Length > 0, left.Sequence).CompareTo((right.Range.Start, right.Range.Length > 0, right.Sequence));
}
