namespace PromptCache.Core.Prefixes;

/// <summary>Who speaks in a segment. The number goes into the hash: add at the end, never renumber.</summary>
public enum SegmentRole : byte
{
    None = 0,
    System = 1,
    Developer = 2,
    User = 3,
    Assistant = 4,
    Tool = 5,
    Function = 6,
    Other = 7,
}
