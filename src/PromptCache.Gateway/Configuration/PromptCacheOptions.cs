namespace PromptCache.Gateway.Configuration;

/// <summary>The <c>PromptCache</c> section as the operator wrote it.</summary>
internal sealed class PromptCacheOptions
{
    public const string SectionName = "PromptCache";

    public StoreOptions Store { get; set; } = new();

    public Dictionary<string, ProviderOptions> Providers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Model routes; the first match wins.</summary>
    public List<ModelRouteOptions> Models { get; set; } = [];

    /// <summary>Where models go that no route names. Default: the only provider, or <c>openai</c> where there are several.</summary>
    public string? DefaultProvider { get; set; }

    /// <summary>Prices over the shipped book; the first match wins.</summary>
    public List<PriceOptions> Prices { get; set; } = [];

    /// <summary>A file of prices in LiteLLM's or our own format, used instead of the shipped book.</summary>
    public string? PriceFile { get; set; }

    public Dictionary<string, CachePolicyOptions> CachePolicies { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public LimitOptions Limits { get; set; } = new();

    /// <summary>Who may use the gateway. None: every credential is its own tenant.</summary>
    public List<TenantOptions> Tenants { get; set; } = [];

    public AdminOptions Admin { get; set; } = new();

    public LogOptions Log { get; set; } = new();
}
