namespace PromptCache.Core.Blocks;

/// <summary>What one build needs besides its result; kept by the thread, so that a warm build allocates nothing else.</summary>
internal sealed class ChainScratch
{
    // A list that one hostile prompt made huge is not kept for good.
    private const int KeptIds = 1 << 20;
    private const int KeptPieces = 64 << 10;

    [ThreadStatic]
    private static ChainScratch? _current;

    public ChainHasher Hasher { get; } = new();

    /// <summary>The pieces of all segments, in order.</summary>
    public List<MemoEntry> Pieces { get; private set; } = [];

    /// <summary>For each segment the number of pieces up to its end.</summary>
    public List<int> PieceEnds { get; private set; } = [];

    /// <summary>Ids of the piece at hand.</summary>
    public List<int> Ids { get; private set; } = [];

    /// <summary>The block that is hashed: tags, identity, count, ids.</summary>
    public byte[] Block { get; } = new byte[SegmentIdentity.PrefixLength + (ChainBuilder.BlockTokens * sizeof(int))];

    /// <summary>This thread's scratch, empty. Nobody may build within a build.</summary>
    public static ChainScratch Take()
    {
        var scratch = _current ??= new ChainScratch();
        scratch.Clear();
        return scratch;
    }

    /// <summary>Lets go of the entries, which the memo may want to forget.</summary>
    public void Clear()
    {
        Pieces.Clear();
        PieceEnds.Clear();
        if (Math.Max(Pieces.Capacity, PieceEnds.Capacity) > KeptPieces)
        {
            (Pieces, PieceEnds) = ([], []);
        }

        if (Ids.Capacity > KeptIds)
        {
            Ids = [];
        }
    }
}
