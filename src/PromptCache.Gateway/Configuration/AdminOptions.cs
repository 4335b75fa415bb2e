namespace PromptCache.Gateway.Configuration;

/// <summary>Who may use the <c>/promptcache/*</c> endpoints.</summary>
internal sealed class AdminOptions
{
    /// <summary>The key (or <c>env:NAME</c>) that opens them from anywhere; without one they answer on loopback only.</summary>
    public string? Key { get; set; }
}
