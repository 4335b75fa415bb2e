using System.Text;
using PromptCache.Core.Blocks;
using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>The grammar of the keys. Version 1.</summary>
/// <remarks>
/// <code>
/// page    prefix "1:{" tag "}p" id        what is known of up to 128 consecutive blocks; id: the first 16 bytes of the first block's chain hash, raw
/// anchor  prefix "1:{" tag "}a" id        an explicit entry; id: the first 16 bytes of the chain hash of the last block before it
/// note    prefix "1:{" tag "}n" key       a shared note; key: the caller's 32 bytes, raw
/// tag     8 hex digits, which choose a cluster's slot. Trunk (tools and system): the chain's root. Branch (messages): the first message's first block. Note: its key.
///
/// page value, big-endian                             anchor value, big-endian
///   0   4  size at which expired runs are dropped      0  6  expiry, Unix ms
///   4   6  until when the key itself lives, Unix ms    6  6  lifetime that a hit gives again, ms
///  10   …  runs; the first begins at position 0
/// run
///   0   1  position of its first block in the page, 0 to 127
///   1   1  blocks, 1 to 128
///   2   6  expiry of these blocks, Unix ms: from then on they are unknown
///   8  16  who served the last of them: 4 x u32, newest first, 0: none
///  24   8  check: bytes 12 to 19 of the last block's chain hash, by which a page of one run is recognised without reading it; 0: not known
///  32   …  12 bytes per block: the beginning of its chain hash; the page's first block has none, it is the key
/// </code>
/// Every change of this format is a new number behind the prefix: old and new gateways then simply do not see each other's entries.
/// The tag is written as text because raw bytes could hold the '}' that ends it.
/// </remarks>
internal sealed class StoreKeys(string prefix)
{
    public const int IdBytes = 12;

    /// <summary>What a question sends of each id: the server's time goes by the bytes of a script's arguments. The answer quotes the last block's whole id, and that is compared.</summary>
    public const int AskedIdBytes = 6;

    public const int CheckBytes = 8;
    private const int KeyIdBytes = 16;

    private readonly byte[] _prefix = Encoding.ASCII.GetBytes($"{prefix}1:{{");

    /// <summary>The tag of the tools and system of all prompts of one root.</summary>
    public static uint TrunkTag(BlockChain chain) => chain.RootTag;

    /// <summary>The tag of the messages of all prompts that share tools, system and the beginning of the first message.</summary>
    public static uint BranchTag(BlockChain chain)
        => chain.SystemEnd < chain.Count ? BitConverter.ToUInt32(chain.HashOf(chain.SystemEnd)) : chain.RootTag;

    public RedisKey Page(uint tag, ReadOnlySpan<byte> firstBlock) => Key(tag, 'p', firstBlock[..KeyIdBytes]);

    public RedisKey Anchor(uint tag, ReadOnlySpan<byte> block) => Key(tag, 'a', block[..KeyIdBytes]);

    public RedisKey Note(ReadOnlySpan<byte> key) => Key(BitConverter.ToUInt32(key), 'n', key);

    private RedisKey Key(uint tag, char kind, ReadOnlySpan<byte> id)
    {
        var key = new byte[_prefix.Length + 10 + id.Length];
        var rest = key.AsSpan();
        _prefix.CopyTo(rest);
        rest = rest[_prefix.Length..];
        tag.TryFormat(rest, out _, "x8");
        rest[8] = (byte)'}';
        rest[9] = (byte)kind;
        id.CopyTo(rest[10..]);
        return key;
    }
}
