namespace PromptCache.Core.Prefixes;

/// <summary>The three levels of a prefix, in their order. A change in one invalidates it and those behind it.</summary>
public enum SegmentLevel : byte
{
    Tools,
    System,
    Messages,
}
