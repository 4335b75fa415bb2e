using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>One cacheable unit of the prompt: a tool definition, a content part, a tool call.</summary>
/// <param name="Level">Tools, system or messages.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Role">Who speaks.</param>
/// <param name="Item">The index in <c>tools</c> or <c>messages</c>; -1 for a schema.</param>
/// <param name="Part">The index in the message's <c>content</c> or <c>tool_calls</c>; -1 when the content is a string or absent.</param>
/// <param name="StartsMessage">Whether it is its message's first segment: it carries the message's overhead tokens.</param>
/// <param name="Source">Where it stands in the client's body.</param>
/// <param name="Canonical">Its canonical bytes, as a range of <see cref="SegmentList.Bytes"/>: they go into the hash.</param>
/// <param name="Text">The bytes that are tokenized, a range of <see cref="SegmentList.Bytes"/> within <paramref name="Canonical"/>; empty where a rule counts instead (images).</param>
/// <param name="FixedTokens">Tokens that a rule gives for what is not text, such as an image; 0 for text.</param>
/// <param name="Marker">Its cache marker.</param>
/// <param name="Name">The message's decoded <c>name</c>, a range of <see cref="SegmentList.Bytes"/>; only on its first segment, and empty when it has none.</param>
/// <param name="Origin">Which field it was cut from.</param>
public readonly record struct Segment(
    SegmentLevel Level,
    SegmentKind Kind,
    SegmentRole Role,
    int Item,
    int Part,
    bool StartsMessage,
    ByteRange Source,
    ByteRange Canonical,
    ByteRange Text,
    int FixedTokens,
    CacheMarker Marker,
    ByteRange Name = default,
    SegmentOrigin Origin = SegmentOrigin.Content);
