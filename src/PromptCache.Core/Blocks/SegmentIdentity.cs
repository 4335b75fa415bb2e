using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PromptCache.Core.Prefixes;

namespace PromptCache.Core.Blocks;

/// <summary>What a segment's blocks commit to beside their tokens, and the digests made of it. Hashing is by the caller's instance, one per thread.</summary>
/// <remarks>
/// <code>
/// identity = SHA-256(u32 |header| ‖ header ‖ trailer)      header, trailer: the canonical bytes before and after the text
/// block    = SHA-256(version, level, kind, role, flags, 0, 0, 0 ‖ identity[32] ‖ u32 count ‖ u32 id * count)   little-endian
/// salt     = SHA-256(version, 0xFF ‖ salt)
/// flags    = 1: starts a message, 2: first block of its segment
/// </code>
/// The count in front makes a block prefix-free: a short last block never looks like the beginning of a longer one.
/// The flags keep one message of two parts, two messages, and one longer part apart.
/// </remarks>
internal static class SegmentIdentity
{
    public const int PrefixLength = 8 + BlockChain.HashSize + sizeof(uint);

    private const byte StartsMessage = 1;
    private const byte FirstBlock = 2;
    private const byte SaltLevel = 0xFF;

    /// <summary>Writes version, level, kind, role and flags: 8 bytes.</summary>
    public static void WriteTags(in Segment segment, Span<byte> tags)
    {
        tags[..8].Clear();
        tags[0] = ChainFormat.Version;
        tags[1] = (byte)segment.Level;
        tags[2] = (byte)segment.Kind;
        tags[3] = (byte)segment.Role;
        tags[4] = segment.StartsMessage ? StartsMessage : (byte)0;
    }

    /// <summary>The hash of what the segment is beyond its text: a name, a tool call's id, an image's digest.</summary>
    public static void Compute(ChainHasher hasher, ReadOnlySpan<byte> header, ReadOnlySpan<byte> trailer, Span<byte> identity)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        hasher.Hash(length, header, trailer, identity);
    }

    /// <summary>The digest of one block of token ids.</summary>
    /// <param name="hasher">The thread's hash.</param>
    /// <param name="block">Room for <see cref="PrefixLength"/> bytes and the ids; tags and identity are in it already.</param>
    /// <param name="ids">At most <see cref="ChainBuilder.BlockTokens"/> ids.</param>
    /// <param name="first">Whether it is the segment's first block.</param>
    /// <param name="digest">Where the 32 bytes go.</param>
    public static void DigestBlock(ChainHasher hasher, Span<byte> block, ReadOnlySpan<int> ids, bool first, Span<byte> digest)
    {
        block[4] = (byte)((block[4] & ~FirstBlock) | (first ? FirstBlock : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(block[(PrefixLength - sizeof(uint))..], (uint)ids.Length);
        var data = block[PrefixLength..];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(ids).CopyTo(data);
        }
        else
        {
            for (var i = 0; i < ids.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(data[(i * sizeof(int))..], ids[i]);
            }
        }

        hasher.Hash(block[..(PrefixLength + (ids.Length * sizeof(int)))], digest);
    }

    /// <summary>The digest that stands where a level begins, for what invalidates it and those behind it.</summary>
    public static void DigestSalt(ChainHasher hasher, ReadOnlySpan<byte> salt, Span<byte> digest)
        => hasher.Hash([ChainFormat.Version, SaltLevel], salt, [], digest);
}
