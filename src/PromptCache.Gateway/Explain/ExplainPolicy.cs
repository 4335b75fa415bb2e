namespace PromptCache.Gateway.Explain;

/// <summary>What one cache policy makes of the prompt as things stand.</summary>
/// <param name="Name">The policy that counts for the model.</param>
/// <param name="Status">hit, partial, miss, bypass or unknown.</param>
/// <param name="Reason">Why not more is read, in one stable word.</param>
/// <param name="Why">The same in a sentence.</param>
/// <param name="Read">Tokens read.</param>
/// <param name="Write5m">Tokens written at the default lifetime.</param>
/// <param name="Write1h">Tokens written at the longer one.</param>
/// <param name="Uncached">The rest.</param>
/// <param name="Breakpoints">The indexes of the segments whose markers count.</param>
/// <param name="Cost">What the prompt costs in USD, without the answer; null: no price is known.</param>
/// <param name="CostWithoutCache">The same tokens at the input price.</param>
internal sealed record ExplainPolicy(
    string Name, string Status, string Reason, string Why, long Read, long Write5m, long Write1h, long Uncached, IReadOnlyList<int> Breakpoints, decimal? Cost, decimal? CostWithoutCache);
