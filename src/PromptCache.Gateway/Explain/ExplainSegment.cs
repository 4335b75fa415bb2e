namespace PromptCache.Gateway.Explain;

/// <summary>One segment of a prompt.</summary>
/// <param name="Index">Its place in the prefix.</param>
/// <param name="Level">tools, system or messages.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Role">Who speaks; null: no message.</param>
/// <param name="Path">Where it stands in the request.</param>
/// <param name="Tokens">Its own tokens, its message's overhead included.</param>
/// <param name="From">The tokens before it.</param>
/// <param name="To">The tokens to its end.</param>
/// <param name="Hash">The beginning of the keyed hash of everything up to its end.</param>
/// <param name="Marker">Its marker: <c>default</c>, or the lifetime that it asks for; null: none.</param>
internal sealed record ExplainSegment(int Index, string Level, string Kind, string? Role, string Path, int Tokens, int From, int To, string Hash, string? Marker);
