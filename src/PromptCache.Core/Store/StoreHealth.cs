namespace PromptCache.Core.Store;

/// <summary>The guarded store's state, for people and probes.</summary>
/// <param name="State">Whether it is used.</param>
/// <param name="Since">Since when.</param>
/// <param name="LastError">The kind of the last failure (an exception's type or "timeout"), even when calls succeed again; null: none yet. Never a message: those can quote keys.</param>
/// <param name="Failures">How many calls have failed in all, timeouts included.</param>
public sealed record StoreHealth(StoreState State, DateTimeOffset Since, string? LastError, long Failures);
