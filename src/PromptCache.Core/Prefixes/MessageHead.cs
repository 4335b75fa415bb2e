using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>What a message says about itself, as ranges of the body; it goes into its first segment.</summary>
internal readonly record struct MessageHead(SegmentRole Role, ByteRange Message, ByteRange RoleText, ByteRange Name, ByteRange ToolCallId, bool HasOthers)
{
    public SegmentFlags Flags => SegmentFlags.StartsMessage
        | (Role == SegmentRole.Other ? SegmentFlags.RoleText : SegmentFlags.None)
        | (Name.IsEmpty ? SegmentFlags.None : SegmentFlags.Name)
        | (ToolCallId.IsEmpty ? SegmentFlags.None : SegmentFlags.ToolCallId)
        | (HasOthers ? SegmentFlags.MessageMembers : SegmentFlags.None);
}
