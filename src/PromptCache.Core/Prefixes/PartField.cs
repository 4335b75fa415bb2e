namespace PromptCache.Core.Prefixes;

/// <summary>The members of a content part that the cutter reads, in the order of <see cref="PartCutter.Names"/>.</summary>
internal enum PartField
{
    Type,
    CacheControl,
    Breakpoint,
    Text,
    Refusal,
    Thinking,
    Content,
    ImageUrl,
    InputAudio,
    File,
    Source,
}
