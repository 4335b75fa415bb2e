namespace PromptCache.Core.Policies;

/// <summary>A marker that counts, before the chain is there.</summary>
/// <param name="Segment">The marked segment.</param>
/// <param name="Ttl">The lifetime of what is written there.</param>
/// <param name="Extended">Whether it is the longer one.</param>
internal readonly record struct MarkedSegment(int Segment, TimeSpan Ttl, bool Extended)
{
    /// <summary>Whether nobody marked the segment itself.</summary>
    public bool Automatic { get; init; }
}
