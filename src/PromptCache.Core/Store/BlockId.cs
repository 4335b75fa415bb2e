using System.Runtime.InteropServices;
using PromptCache.Core.Blocks;

namespace PromptCache.Core.Store;

/// <summary>The first 128 bits of a chain hash: what the store knows a block by.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BlockId(ulong High, ulong Low)
{
    public const int Size = 16;

    public static BlockId Of(BlockChain chain, int index) => MemoryMarshal.Read<BlockId>(chain.HashOf(index));

    /// <summary>The hash is uniform already.</summary>
    public override int GetHashCode() => (int)High;
}
