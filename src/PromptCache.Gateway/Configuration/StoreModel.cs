namespace PromptCache.Gateway.Configuration;

/// <summary>The store's settings after validation.</summary>
/// <param name="Redis">The connection string; null: in-process.</param>
/// <param name="Timeout">What a call may cost a request.</param>
/// <param name="Secret">The chain root's key as configured; null: random for this process.</param>
/// <param name="MaxBytes">The in-process store's bound.</param>
/// <param name="MemoBytes">The segment memo's bound.</param>
internal sealed record StoreModel(string? Redis, TimeSpan Timeout, string? Secret, long MaxBytes, long MemoBytes);
