namespace PromptCache.Core.Prefixes;

/// <summary>A <c>cache_control</c> (or <c>prompt_cache_breakpoint</c>) marker on a segment.</summary>
/// <param name="Exists">Whether the segment is marked.</param>
/// <param name="Ttl">The lifetime that the marker asks for; null: the policy's default.</param>
public readonly record struct CacheMarker(bool Exists, TimeSpan? Ttl);
