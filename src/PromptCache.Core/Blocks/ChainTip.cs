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

    /// <summary>Appends the blocks of one piece.</summary>
    public void Append(MemoEntry piece)
    {
        var target = _hashes.Slice(Blocks * BlockChain.HashSize, piece.Digests.Length);
        if (target.IsEmpty)
        {
            return;
        }

        if (piece.LastLinks is { } known && _tip.SequenceEqual(known.Before))
        {
            known.Hashes.CopyTo(target);
        }
        else
        {
            var before = _tip.ToArray();
            Link(piece.Digests, target);
            piece.LastLinks = new LinkedBlocks(before, target.ToArray());
        }

        target[^BlockChain.HashSize..].CopyTo(_tip);
        Blocks += piece.Blocks;
    }

    private readonly void Link(ReadOnlySpan<byte> digests, Span<byte> target)
    {
        ReadOnlySpan<byte> previous = _tip;
        for (var at = 0; at < digests.Length; at += BlockChain.HashSize)
        {
            var next = target.Slice(at, BlockChain.HashSize);
            _hasher.Link(previous, digests.Slice(at, BlockChain.HashSize), next);
            previous = next;
        }
    }
}
