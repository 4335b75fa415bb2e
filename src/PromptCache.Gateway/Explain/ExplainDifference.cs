using System.Collections.Immutable;

namespace PromptCache.Gateway.Explain;

/// <summary>Where a prompt leaves what is known.</summary>
/// <param name="Segment">The index of the first segment that is not known to its end.</param>
/// <param name="Path">Where it stands in the request.</param>
/// <param name="Level">tools, system or messages.</param>
/// <param name="KnownTokens">The tokens in front of the first unknown block.</param>
/// <param name="Causes">The likely causes, the surest first; at least one.</param>
internal sealed record ExplainDifference(int Segment, string Path, string Level, int KnownTokens, ImmutableArray<ExplainCause> Causes);
