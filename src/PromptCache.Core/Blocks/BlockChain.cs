namespace PromptCache.Core.Blocks;

/// <summary>The prompt as a hash chain over blocks, root first. Immutable; safe to keep after the request is gone (it holds no text).</summary>
/// <param name="hashes">32 bytes per block: <c>h_i = SHA-256(h_{i-1} ‖ d_i)</c>.</param>
/// <param name="tokens">For each block the tokens from the prompt's start to the block's end.</param>
/// <param name="segmentEnds">For each segment the number of blocks from the root to its end.</param>
/// <param name="toolsEnd">The number of blocks that the tools level has.</param>
/// <param name="systemEnd">The number of blocks to the end of the system level.</param>
/// <param name="totalTokens">All tokens of the prompt by our count, the reply's priming included.</param>
/// <param name="rootTag">The first 4 bytes of the root: they spread tenants and models over a cluster's slots.</param>
public sealed class BlockChain(byte[] hashes, int[] tokens, int[] segmentEnds, int toolsEnd, int systemEnd, int totalTokens, uint rootTag)
{
    public const int HashSize = 32;

    /// <summary>The number of blocks.</summary>
    public int Count => tokens.Length;

    public ReadOnlySpan<byte> Hashes => hashes;

    public ReadOnlySpan<int> SegmentEnds => segmentEnds;

    public int ToolsEnd => toolsEnd;

    public int SystemEnd => systemEnd;

    public int TotalTokens => totalTokens;

    public uint RootTag => rootTag;

    /// <summary>The chain hash of block <paramref name="index"/>, 32 bytes.</summary>
    public ReadOnlySpan<byte> HashOf(int index) => hashes.AsSpan(index * HashSize, HashSize);

    /// <summary>The tokens in the first <paramref name="blocks"/> blocks; 0 for 0.</summary>
    public int TokensAt(int blocks) => blocks == 0 ? 0 : tokens[blocks - 1];
}
