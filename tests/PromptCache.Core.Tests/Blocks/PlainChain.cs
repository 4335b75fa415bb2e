using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Tests.Blocks;

/// <summary>The chain written down a second time in the plainest way: no memo, no pieces, no pooling.</summary>
internal static class PlainChain
{
    public static byte[] Root(byte[] secret, ChainIdentity identity)
    {
        using var frames = new MemoryStream();
        foreach (var field in (byte[][])[
            "promptcache root"u8.ToArray(), [1, 1], Utf8(identity.Tenant), Utf8(identity.Provider), Utf8(identity.Model), Utf8(identity.Tokenizer)])
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            frames.Write(length);
            frames.Write(field);
        }

        return HMACSHA256.HashData(secret, frames.ToArray());
    }

    public static List<byte[]> Build(byte[] secret, ChainIdentity identity, SegmentList list, ITokenizer tokenizer)
    {
        var chain = new List<byte[]>();
        var tip = Root(secret, identity);
        var (systemSalted, salted) = (list.SystemSalt.IsEmpty, list.MessagesSalt.IsEmpty);
        foreach (var segment in list.Segments)
        {
            if (segment.Level != SegmentLevel.Tools && !systemSalted)
            {
                tip = Sha([.. tip, .. Sha([1, 0xFF, .. list.SystemSalt.ToArray()])]);
                systemSalted = true;
            }

            if (segment.Level == SegmentLevel.Messages && !salted)
            {
                tip = Sha([.. tip, .. Sha([1, 0xFF, .. list.MessagesSalt])]);
                salted = true;
            }

            var canonical = list.CanonicalOf(segment).ToArray();
            var headerLength = segment.Text.IsEmpty ? canonical.Length : segment.Text.Start - segment.Canonical.Start;
            var trailer = canonical[(headerLength + segment.Text.Length)..];
            var identityHash = Sha([.. BitConverter.GetBytes(headerLength), .. canonical[..headerLength], .. trailer]);
            var ids = new List<int>();
            tokenizer.Encode(list.TextOf(segment), ids);
            var blocks = ids.Chunk(128).ToList();
            if (blocks.Count == 0)
            {
                blocks.Add([]);
            }

            for (var i = 0; i < blocks.Count; i++)
            {
                var flags = (segment.StartsMessage ? 1 : 0) | (i == 0 ? 2 : 0);
                byte[] preimage =
                [
                    1, (byte)segment.Level, (byte)segment.Kind, (byte)segment.Role, (byte)flags, 0, 0, 0,
                    .. identityHash,
                    .. BitConverter.GetBytes(blocks[i].Length),
                    .. blocks[i].SelectMany(BitConverter.GetBytes),
                ];
                tip = Sha([.. tip, .. Sha(preimage)]);
                chain.Add(tip);
            }
        }

        return chain;
    }

    private static byte[] Sha(byte[] data) => SHA256.HashData(data);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
