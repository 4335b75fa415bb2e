namespace PromptCache.Core.Prefixes;

/// <summary>What a segment's canonical bytes hold beside its payload. The number goes into the hash: never renumber.</summary>
[Flags]
internal enum SegmentFlags : byte
{
    None = 0,
    StartsMessage = 1,

    /// <summary>The role's own text, for a role that has no number.</summary>
    RoleText = 2,
    Name = 4,
    ToolCallId = 8,

    /// <summary>The message's members that no other field holds.</summary>
    MessageMembers = 16,

    /// <summary>The part's members that neither a field nor the payload holds.</summary>
    PartMembers = 32,

    /// <summary>The blocks inside a tool result.</summary>
    Blocks = 64,

    /// <summary>The payload is compact JSON; otherwise it is text.</summary>
    Json = 128,
}
