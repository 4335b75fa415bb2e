namespace PromptCache.Core.Blocks;

/// <summary>A stretch of some chain. Immutable, because threads share it.</summary>
/// <param name="Before">The hash that the stretch goes on from, 32 bytes; it commits to the tenant, the model and everything before.</param>
/// <param name="Hashes">The chain hashes of the stretch, 32 bytes each.</param>
internal sealed record LinkedBlocks(byte[] Before, byte[] Hashes);
