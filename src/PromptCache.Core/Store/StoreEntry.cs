namespace PromptCache.Core.Store;

/// <summary>Something that the in-process store keeps: it has a place in its shard's order of use, a size and an expiry.</summary>
internal abstract class StoreEntry(BlockId key)
{
    public BlockId Key { get; } = key;

    public StoreEntry? Newer { get; set; }

    public StoreEntry? Older { get; set; }

    public long LastUsed { get; set; }

    /// <summary>Who asked before this timestamp of the clock does not find it.</summary>
    public long Since { get; set; } = long.MinValue;

    /// <summary>Gone from this moment on.</summary>
    public long Expiry { get; set; }

    /// <summary>What the entry costs, its share of the dictionary included.</summary>
    public abstract int Bytes { get; }
}
