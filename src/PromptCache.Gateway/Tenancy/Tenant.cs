namespace PromptCache.Gateway.Tenancy;

/// <summary>On whose behalf a request runs.</summary>
/// <param name="Id">What goes into the chain's root, logs and metrics: a configured name, or a keyed digest; never a key.</param>
/// <param name="Credential">What the client sent, for passing on; null: nothing.</param>
internal sealed record Tenant(string Id, string? Credential);
