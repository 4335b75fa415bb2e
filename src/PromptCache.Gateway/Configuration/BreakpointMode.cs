namespace PromptCache.Gateway.Configuration;

/// <summary>Whether cache markers are put into requests that have none of their own.</summary>
internal enum BreakpointMode
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>On every request.</summary>
    Always,

    /// <summary>On a prefix that the store has seen before within its lifetime, so that a one-off prompt never pays for a write.</summary>
    Adaptive,
}
