namespace PromptCache.Core.Blocks;

/// <summary>The end of a chain that grows.</summary>
internal ref struct ChainTip
{
    private readonly ChainHasher _hasher;
    private readonly Span<byte> _hashes;
    private readonly Span<byte> _tip = new byte[BlockChain.HashSize];

    public ChainTip(ChainHasher hasher, ReadOnlySpan<byte> root, Span<byte> hashes)
    {
        _hasher = hasher;
        _hashes = hashes;
        root.CopyTo(_tip);
    }

    /// <summary>The blocks so far.</summary>
    public int Blocks { get; private set; }

    /// <summary>Turns the chain by what invalidates only what follows. An empty salt leaves it as it is.</summary>
    public readonly void Salt(ReadOnlySpan<byte> salt)
    {
        if (!salt.IsEmpty)
        {
            Span<byte> digest = stackalloc byte[BlockChain.HashSize];
            SegmentIdentity.DigestSalt(_hasher, salt, digest);
            _hasher.Link(_tip, digest, _tip);
        }
    }

    /// <summary>Appends one block for each digest.</summary>
    public void Append(ReadOnlySpan<byte> digests)
    {
        for (; !digests.IsEmpty; digests = digests[BlockChain.HashSize..])
        {
            _hasher.Link(_tip, digests[..BlockChain.HashSize], _tip);
            _tip.CopyTo(_hashes[(Blocks * BlockChain.HashSize)..]);
            Blocks++;
        }
    }
}
