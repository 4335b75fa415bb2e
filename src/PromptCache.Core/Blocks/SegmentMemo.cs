namespace PromptCache.Core.Blocks;

/// <summary>Remembers the blocks of text that was seen, so that only new text is tokenized. Bounded by bytes; thread-safe; holds ids of at most one block per piece and no text.</summary>
/// <param name="capacityBytes">What it may hold, in bytes; 0: nothing.</param>
internal sealed class SegmentMemo(long capacityBytes)
{
    private const int Shards = 16;

    private readonly MemoShard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new MemoShard(capacityBytes / Shards))];

    /// <summary>What it holds now, in bytes.</summary>
    public long Bytes => _shards.Sum(s => s.Bytes);

    public bool TryGet(in MemoKey key, out MemoEntry entry) => ShardOf(key).TryGet(key, out entry);

    public void Add(MemoEntry entry) => ShardOf(entry.Key).Add(entry);

    // Not the bits that the dictionary hashes by.
    private MemoShard ShardOf(in MemoKey key) => _shards[(int)(key.D % Shards)];
}
