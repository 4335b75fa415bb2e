using System.Runtime.InteropServices;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>Consecutive blocks of one path that share a lifetime. Where a path leaves the run, or a use ends inside it, the run is cut in two.</summary>
/// <remarks>It names no parent: a chain hash commits to the whole prefix, so the first block's id alone says where the run stands.</remarks>
internal sealed class BlockRun(BlockId[] ids) : StoreEntry(ids[0])
{
    /// <summary>Bounds what a cut copies, and keeps runs off the large object heap.</summary>
    public const int MaxBlocks = 256;

    public int Count => ids.Length;

    public Destinations Destinations { get; set; }

    public override int Bytes => 192 + (ids.Length * BlockId.Size);

    /// <summary>The number of blocks that the run and the chain from block <paramref name="start"/> on have in common; the first is known to be.</summary>
    public int CommonLength(BlockChain chain, int start)
    {
        var hashes = chain.Hashes[(start * BlockChain.HashSize)..];
        var limit = Math.Min(ids.Length, hashes.Length / BlockChain.HashSize);
        var common = 1;
        while (common < limit && MemoryMarshal.Read<BlockId>(hashes[(common * BlockChain.HashSize)..]) == ids[common])
        {
            common++;
        }

        return common;
    }

    /// <summary>The run's blocks before <paramref name="at"/>, and those from there on, each with the lifetime that the run has.</summary>
    public (BlockRun Front, BlockRun Back) Cut(int at) => (Part(ids[..at]), Part(ids[at..]));

    /// <summary>The chain's blocks from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public static BlockRun Of(BlockChain chain, int start, int end, long expiry)
    {
        var ids = new BlockId[end - start];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = BlockId.Of(chain, start + i);
        }

        return new(ids) { Expiry = expiry };
    }

    private BlockRun Part(BlockId[] part) => new(part) { Expiry = Expiry, Since = Since, Destinations = Destinations };
}
