using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>One change to a text.</summary>
/// <param name="At">What is taken out; empty for an insertion.</param>
/// <param name="Text">What is put in, within the list's own bytes.</param>
internal readonly record struct Splice(ByteRange At, ByteRange Text);
