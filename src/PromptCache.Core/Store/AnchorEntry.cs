namespace PromptCache.Core.Store;

/// <summary>An explicit cache entry: a position that was written, and the lifetime that a hit gives it again.</summary>
internal sealed class AnchorEntry(BlockId key) : StoreEntry(key)
{
    public TimeSpan Ttl { get; set; }

    public override int Bytes => 144;
}
