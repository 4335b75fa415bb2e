using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PromptCache.Simulator.Caching;

/// <summary>128 bits of SHA-256: enough for a stand-in, and a plain dictionary key.</summary>
internal static class Digest
{
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public static UInt128 Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static UInt128 Of(ReadOnlySpan<int> tokens) => Of(MemoryMarshal.AsBytes(tokens));

    /// <summary>The next link of a chain.</summary>
    public static UInt128 Link(UInt128 previous, UInt128 next)
    {
        Span<byte> both = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(both, previous);
        BinaryPrimitives.WriteUInt128LittleEndian(both[16..], next);
        return Of(both);
    }
}
