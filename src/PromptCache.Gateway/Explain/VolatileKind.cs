namespace PromptCache.Gateway.Explain;

/// <summary>Something in a text that tends to change from request to request.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="At">Where it begins, in characters of the segment's text.</param>
internal readonly record struct VolatileKind(string Name, int At);
