using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Configuration;

/// <summary>One upstream as the operator wrote it. What is left out comes from the preset of the same name, where there is one.</summary>
internal sealed class ProviderOptions
{
    /// <summary>The preset that fills in what is left out. Default: the provider's own name.</summary>
    public string? Preset { get; set; }

    /// <summary><c>openai</c>, <c>anthropic</c> or <c>gemini</c>.</summary>
    public string? Protocol { get; set; }

    public string? BaseUrl { get; set; }

    /// <summary>Several replicas of one engine, instead of <see cref="BaseUrl"/>.</summary>
    public List<string> BaseUrls { get; set; } = [];

    /// <summary>The key, <c>env:NAME</c>, or <c>none</c>: no key is needed. Absent: the client's own key is passed on.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The name of a shipped or configured policy.</summary>
    public string? CachePolicy { get; set; }

    /// <summary><c>provider</c>: what it reports wins. <c>store</c>: the prefix store is the truth.</summary>
    public UsageMode Usage { get; set; } = UsageMode.Provider;

    /// <summary>Silence of the upstream, before its headers and between its bytes, that ends a request.</summary>
    /// <value>From 1 s to 1 h. The default is 10 minutes: a model may think in silence.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary><c>off</c>, <c>always</c> or <c>adaptive</c>: whether markers are put into requests that have none. Default: the preset's.</summary>
    public BreakpointMode? Breakpoints { get; set; }

    /// <summary>Whether an affinity hint is added where the client sent none. Default: the preset's.</summary>
    public bool? Affinity { get; set; }

    /// <summary>The encoding that counts for this provider's models, such as <c>cl100k_base</c>. Default: by the model's name.</summary>
    public string? Tokenizer { get; set; }

    /// <summary>Further headers of every request to it; values may be <c>env:NAME</c>.</summary>
    public Dictionary<string, string> Headers { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}
