namespace PromptCache.Core.Blocks;

/// <summary>What is known of one piece of a segment, given all pieces before it. Immutable but for the mark of use and the last links.</summary>
/// <param name="key">Commits to the segment up to and including this piece.</param>
/// <param name="digests">The digests of the blocks that end in this piece, 32 bytes each.</param>
/// <param name="rest">The ids after the last of those blocks, fewer than a block; the next piece goes on from them. Empty for a segment's last piece, whose short block is among the digests.</param>
/// <param name="ids">The number of ids from the segment's start to this piece's end.</param>
/// <param name="billed">What a rule counts for the whole segment, a tool definition without its format's <c>FunctionInit</c>; -1: the ids.</param>
internal sealed class MemoEntry(MemoKey key, byte[] digests, int[] rest, int ids, int billed)
{
    // Object and array headers, the dictionary's and the queue's slots, the hash before the links.
    private const int Overhead = 320;

    public MemoKey Key => key;

    public ReadOnlySpan<byte> Digests => digests;

    public int Blocks => digests.Length / BlockChain.HashSize;

    public ReadOnlySpan<int> Rest => rest;

    public int Ids => ids;

    public int Billed => billed;

    /// <summary>What it takes in memory, about, in bytes.</summary>
    public int Size => Overhead + (2 * digests.Length) + (rest.Length * sizeof(int));

    /// <summary>The links that these blocks were in the last chain. A prompt that comes again has the same, and need not be hashed twice; any other is linked anew.</summary>
    public LinkedBlocks? LastLinks { get; set; }

    /// <summary>Used since the clock's hand last came by. Guarded by the shard's lock.</summary>
    public bool Used { get; set; }
}
