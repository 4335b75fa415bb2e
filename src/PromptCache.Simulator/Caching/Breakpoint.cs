namespace PromptCache.Simulator.Caching;

/// <summary>A place in a prompt up to which it is to be cached.</summary>
/// <param name="Part">The index of the marked part.</param>
/// <param name="Ttl">The lifetime that was asked for.</param>
internal readonly record struct Breakpoint(int Part, TimeSpan Ttl);
