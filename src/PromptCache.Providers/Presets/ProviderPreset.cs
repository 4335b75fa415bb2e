namespace PromptCache.Providers.Presets;

/// <summary>What is known of a provider before anything is configured: one entry of <c>providers.json</c>.</summary>
public sealed record ProviderPreset
{
    public required string Name { get; init; }

    /// <summary>The wire protocol: <c>openai</c>, <c>anthropic</c>, <c>gemini</c>.</summary>
    public string Protocol { get; init; } = "openai";

    /// <summary>Null for what has no public address (one's own engine, an Azure resource).</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The environment variable that holds the key by convention.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The header that carries the key where it is not the protocol's own, such as <c>api-key</c>.</summary>
    public string? KeyHeader { get; init; }

    public string CachePolicy { get; init; } = "none";

    /// <summary><c>off</c>, <c>always</c> or <c>adaptive</c>.</summary>
    public string Breakpoints { get; init; } = "off";

    /// <summary>Whether <c>cache_control</c> may be sent to it; otherwise the markers are taken out.</summary>
    public bool TakesMarkers { get; init; }

    /// <summary>Whether OpenAI's <c>prompt_cache_options</c> and <c>prompt_cache_breakpoint</c> may be sent to it.</summary>
    public bool TakesCacheOptions { get; init; }

    /// <summary>Whether it has its own <c>usage</c> request option, which is then left in the body.</summary>
    public bool TakesUsageOptions { get; init; }

    /// <summary>Whether it has its own <c>provider</c> request option, which is then left in the body.</summary>
    public bool TakesProviderOptions { get; init; }

    /// <summary>Whether <c>stream_options.include_usage</c> may be sent to it.</summary>
    public bool TakesStreamOptions { get; init; } = true;

    /// <summary>xAI: <c>completion_tokens</c> excludes <c>reasoning_tokens</c>.</summary>
    public bool ReasoningBeside { get; init; }

    /// <summary>A body member that keeps a conversation on the machine that holds its prefix, such as <c>prompt_cache_key</c>.</summary>
    public string? AffinityField { get; init; }

    /// <summary>A header with the same purpose, such as <c>x-grok-conv-id</c>.</summary>
    public string? AffinityHeader { get; init; }

    /// <summary>A body member that separates tenants in the engine's own cache, such as vLLM's <c>cache_salt</c>.</summary>
    public string? SaltField { get; init; }

    /// <summary>Names of models that go here when nothing is configured; <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Where the facts come from.</summary>
    public string? Source { get; init; }
}
