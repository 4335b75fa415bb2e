namespace PromptCache.Simulator.Caching;

/// <summary>A prompt as positions at which a cache can hold it: a digest of everything up to there, and the tokens up to there.</summary>
/// <param name="Digests">One for each position, from the prompt's start.</param>
/// <param name="TokensAt">The tokens from the prompt's start to each position.</param>
/// <param name="PartEnds">For each part the index of its last position.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Total">All tokens, with what primes the reply.</param>
internal sealed record MeasuredPrompt(UInt128[] Digests, int[] TokensAt, int[] PartEnds, IReadOnlyList<PromptPart> Parts, int Total)
{
    /// <summary>The tokens from the prompt's start to the end of a part.</summary>
    public int TokensThrough(int part) => TokensAt[PartEnds[part]];

    /// <summary>The digest of everything up to the end of a part.</summary>
    public UInt128 DigestThrough(int part) => Digests[PartEnds[part]];

    /// <summary>The tokens of what a cache can hold: all but the reply's priming.</summary>
    public int Cacheable => TokensAt is [] ? 0 : TokensAt[^1];
}
