namespace PromptCache.Core.Policies;

/// <summary>A marker that counts.</summary>
/// <param name="Segment">The marked segment.</param>
/// <param name="Blocks">Its end, in blocks from the root.</param>
/// <param name="Ttl">The lifetime of what is written there.</param>
/// <param name="Extended">Whether it is billed as a one-hour write.</param>
public readonly record struct Breakpoint(int Segment, int Blocks, TimeSpan Ttl, bool Extended);
