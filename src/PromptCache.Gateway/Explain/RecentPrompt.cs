using PromptCache.Core.Blocks;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.Explain;

/// <summary>A prompt that waits for its digests. Owns the copied texts of its new segments until then.</summary>
/// <param name="Chain">Its hashes.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Texts">The copied texts.</param>
/// <param name="Pieces">The new segments: index and range of <paramref name="Texts"/>.</param>
/// <param name="Starts">Where its levels begin.</param>
/// <param name="SystemSalt">The parameters that invalidate the system level.</param>
/// <param name="MessagesSalt">The parameters that invalidate the messages level.</param>
/// <param name="Seen">When it was recorded, and for how long.</param>
internal sealed record RecentPrompt(
    BlockChain Chain, string Tenant, PooledBytes Texts, List<(int Segment, ByteRange Text)> Pieces, LevelStarts Starts, byte[] SystemSalt, byte[] MessagesSalt, RecentEnd Seen) : IDisposable
{
    public void Dispose() => Texts.Dispose();
}
