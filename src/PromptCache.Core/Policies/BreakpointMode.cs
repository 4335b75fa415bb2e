namespace PromptCache.Core.Policies;

/// <summary>Whether cache markers are put into requests that have none of their own.</summary>
public enum BreakpointMode
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>On every request.</summary>
    Always,

    /// <summary>On a prefix that the store has seen before within its lifetime, so that a one-off prompt never pays for a write.</summary>
    Adaptive,
}
