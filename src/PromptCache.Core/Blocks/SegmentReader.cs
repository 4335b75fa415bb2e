using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Blocks;

/// <summary>Segments to pieces with block digests: from the memo where it knows them, else by tokenizing.</summary>
/// <remarks>
/// A long text is cut where no token can span, about every 4 KB, and the memo is asked piece by piece.
/// A piece's key is the hash of the key before it and of its own bytes, so that a hit vouches for all of the segment up to there,
/// and its entry holds the ids that an unfinished block begins with. So the blocks are those of the text as a whole wherever
/// it was cut, every byte is hashed once, and a text that grew at its end costs its last piece and what is new.
/// </remarks>
internal sealed class SegmentReader(SegmentMemo memo, ChainScratch scratch, byte[] scope, ModelTokenizer model)
{
    /// <summary>The longest piece, where the text can be cut so.</summary>
    public const int PieceBytes = 4096;

    private const int TagsAt = BlockChain.HashSize;
    private const int LastAt = TagsAt + 7;
    private const int HeaderLengthAt = TagsAt + 8;
    private const int PieceLengthAt = HeaderLengthAt + sizeof(int);
    private const int PrefixLength = PieceLengthAt + sizeof(int);

    private readonly ITokenizer _tokenizer = model.Tokenizer;

    /// <summary>Adds the segment's pieces to the scratch.</summary>
    public void Read(SegmentList list, in Segment segment)
    {
        var parts = SegmentParts.Of(list, segment);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        Span<byte> hash = stackalloc byte[BlockChain.HashSize];
        MemoEntry? before = null;
        var start = 0;
        do
        {
            var length = PieceLength(parts.Text[start..]);
            var last = start + length == parts.Text.Length;
            var piece = parts.Text.Slice(start, length);
            if (before is null)
            {
                scope.CopyTo(prefix);
                SegmentIdentity.WriteTags(segment, prefix[TagsAt..]);
                prefix[LastAt] = last ? (byte)1 : (byte)0;
                BinaryPrimitives.WriteInt32LittleEndian(prefix[HeaderLengthAt..], parts.Header.Length);
                BinaryPrimitives.WriteInt32LittleEndian(prefix[PieceLengthAt..], length);
                scratch.Hasher.Hash(prefix, parts.Canonical[..(parts.Header.Length + length)], parts.Trailer, hash);
            }
            else
            {
                hash.CopyTo(prefix);
                prefix[BlockChain.HashSize] = last ? (byte)1 : (byte)0;
                scratch.Hasher.Hash(prefix[..(BlockChain.HashSize + 1)], piece, [], hash);
            }

            var key = MemoKey.From(hash);
            if (!memo.TryGet(key, out var entry))
            {
                entry = Make(key, segment, parts, piece, before, last);
                memo.Add(entry);
            }

            scratch.Pieces.Add(entry);
            before = entry;
            start += length;
        }
        while (start < parts.Text.Length);

        scratch.PieceEnds.Add(scratch.Pieces.Count);
    }

    private int PieceLength(ReadOnlySpan<byte> text)
    {
        for (long near = PieceBytes; near < text.Length; near *= 2)
        {
            if (_tokenizer.FindSafeCut(text, (int)near) is var cut and > 0)
            {
                return cut;
            }
        }

        return text.Length;
    }

    private MemoEntry Make(in MemoKey key, in Segment segment, in SegmentParts parts, ReadOnlySpan<byte> piece, MemoEntry? before, bool last)
    {
        var ids = scratch.Ids;
        ids.Clear();
        var idsBefore = 0;
        var finished = 0;
        if (before is not null)
        {
            ids.AddRange(before.Rest);
            idsBefore = before.Ids - before.Rest.Length;
            finished = idsBefore / ChainBuilder.BlockTokens;
        }

        _tokenizer.Encode(piece, ids);
        var total = idsBefore + ids.Count;
        var blocks = last
            ? Math.Max((ids.Count + ChainBuilder.BlockTokens - 1) / ChainBuilder.BlockTokens, total == 0 ? 1 : 0)
            : ids.Count / ChainBuilder.BlockTokens;

        var block = scratch.Block.AsSpan();
        SegmentIdentity.WriteTags(segment, block);
        SegmentIdentity.Compute(scratch.Hasher, parts.Header, parts.Trailer, block.Slice(8, BlockChain.HashSize));

        var rest = CollectionsMarshal.AsSpan(ids);
        var digests = new byte[blocks * BlockChain.HashSize];
        for (var i = 0; i < blocks; i++)
        {
            var take = Math.Min(rest.Length, ChainBuilder.BlockTokens);
            SegmentIdentity.DigestBlock(scratch.Hasher, block, rest[..take], first: finished + i == 0, digests.AsSpan(i * BlockChain.HashSize, BlockChain.HashSize));
            rest = rest[take..];
        }

        return new MemoEntry(key, digests, rest.ToArray(), total, last && segment.Kind == SegmentKind.ToolDefinition ? ToolTokens(parts.Text) : -1);
    }

    // Without the format's own part: entries are kept by encoding, and formats that share one may differ in it.
    private int ToolTokens(ReadOnlySpan<byte> json) => ToolTokenRule.Count(json, _tokenizer, model.Format) - model.Format.FunctionInit;
}
