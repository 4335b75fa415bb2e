using System.Buffers.Binary;
using System.Security.Cryptography;
using PromptCache.Core.Blocks;

namespace PromptCache.Testing.Stores;

/// <summary>A prompt made of numbers: each number is a block, and chains with the same leading numbers share their leading hashes.</summary>
public sealed class TestChain
{
    private readonly List<int> _blocks = [];
    private readonly List<int> _segmentEnds = [];
    private string _tenant = "tenant";
    private int _toolsEnd;
    private int _systemEnd;

    /// <summary>One segment with these blocks.</summary>
    public static BlockChain Of(params int[] blocks) => new TestChain().Segment(blocks).Build();

    /// <summary>One segment with <paramref name="count"/> blocks, numbered from <paramref name="first"/> on.</summary>
    public static BlockChain Long(int count, int first = 0) => Of([.. Enumerable.Range(first, count)]);

    public TestChain Tenant(string tenant)
    {
        _tenant = tenant;
        return this;
    }

    public TestChain Segment(params int[] blocks)
    {
        _blocks.AddRange(blocks);
        _segmentEnds.Add(_blocks.Count);
        return this;
    }

    public TestChain EndTools()
    {
        _toolsEnd = _systemEnd = _blocks.Count;
        return this;
    }

    public TestChain EndSystem()
    {
        _systemEnd = _blocks.Count;
        return this;
    }

    public BlockChain Build()
    {
        var root = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_tenant));
        var hashes = new byte[_blocks.Count * BlockChain.HashSize];
        Span<byte> step = stackalloc byte[BlockChain.HashSize + 4];
        root.CopyTo(step);
        for (var i = 0; i < _blocks.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(step[BlockChain.HashSize..], _blocks[i]);
            var hash = hashes.AsSpan(i * BlockChain.HashSize, BlockChain.HashSize);
            SHA256.HashData(step, hash);
            hash.CopyTo(step);
        }

        var tokens = Enumerable.Range(1, _blocks.Count).Select(i => i * 128).ToArray();
        return new(hashes, tokens, [.. _segmentEnds], _toolsEnd, _systemEnd, _blocks.Count * 128, BinaryPrimitives.ReadUInt32BigEndian(root));
    }
}
