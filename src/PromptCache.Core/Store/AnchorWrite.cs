namespace PromptCache.Core.Store;

/// <summary>An explicit cache entry: the prefix of the first <paramref name="Blocks"/> blocks, for <paramref name="Ttl"/> after its last use.</summary>
public readonly record struct AnchorWrite(int Blocks, TimeSpan Ttl);
