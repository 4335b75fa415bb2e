namespace PromptCache.Providers.Presets;

/// <summary>What is known of a provider before anything is configured: one entry of <c>providers.json</c>.</summary>
public sealed record ProviderPreset
{
    public required string Name { get; init; }

    /// <summary>The wire protocol: <c>openai</c>, <c>anthropic</c>, <c>gemini</c>.</summary>
    public string Protocol { get; set; } = "openai";

    /// <summary>Null for what has no public address (one's own engine, an Azure resource).</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The environment variable that holds the key by convention.</summary>
    public string? KeyVariable { get; set; }

    /// <summary>The header that carries the key where it is not the protocol's own, such as <c>api-key</c>.</summary>
    public string? KeyHeader { get; set; }

    public string CachePolicy { get; set; } = "none";

    /// <summary><c>off</c>, <c>always</c> or <c>adaptive</c>.</summary>
    public string Breakpoints { get; set; } = "off";

    /// <summary>Whether <c>cache_control</c> may be sent to it; otherwise the markers are taken out.</summary>
    public bool TakesMarkers { get; set; }

    /// <summary>Whether a tool may carry one; Qwen takes them in messages alone.</summary>
    public bool TakesToolMarkers { get; set; } = true;

    /// <summary>Models that take OpenAI's <c>prompt_cache_options</c> and <c>prompt_cache_breakpoint</c>; others refuse them. <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> CacheOptionModels { get; set; } = [];

    /// <summary>Whether it has its own <c>usage</c> request option, which is then left in the body.</summary>
    public bool TakesUsageOptions { get; set; }

    /// <summary>Whether it has its own <c>provider</c> request option, which is then left in the body.</summary>
    public bool TakesProviderOptions { get; set; }

    /// <summary>Top-level request fields that it answers with an error although they change nothing in the answer; they are taken out.</summary>
    public IReadOnlyList<string> Rejects { get; set; } = [];

    /// <summary>Top-level request fields that it knows under another name only: OpenAI's name, then its own. An unknown name is an error at some and at others, worse, a limit that does not hold.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it knows the role <c>developer</c>; otherwise it gets <c>system</c>.</summary>
    public bool TakesDeveloper { get; set; } = true;

    /// <summary>Whether messages may carry what a model thought (<c>reasoning_content</c>, <c>reasoning_details</c>, <c>reasoning</c>); otherwise it is taken out.</summary>
    public bool TakesReasoning { get; set; } = true;

    /// <summary>Whether <c>stream_options.include_usage</c> may be sent to it.</summary>
    public bool TakesStreamOptions => !Rejects.Contains("stream_options");

    /// <summary>xAI: <c>completion_tokens</c> excludes <c>reasoning_tokens</c>.</summary>
    public bool ReasoningBeside { get; set; }

    /// <summary>Gemini's OpenAI-compatible route: only <c>total_tokens</c> includes what was thought.</summary>
    public bool ReasoningInTotal { get; set; }

    /// <summary>A body member that keeps a conversation on the machine that holds its prefix, such as <c>prompt_cache_key</c>.</summary>
    public string? AffinityField { get; set; }

    /// <summary>A header with the same purpose, such as <c>x-grok-conv-id</c>.</summary>
    public string? AffinityHeader { get; set; }

    /// <summary>Other body members and headers that it takes for the same purpose: a client that sends one has said where its conversation belongs.</summary>
    public IReadOnlyList<string> AffinityAlternatives { get; set; } = [];

    /// <summary>A body member that separates tenants in the engine's own cache, such as vLLM's <c>cache_salt</c>.</summary>
    public string? SaltField { get; set; }

    /// <summary>Names of models that go here when nothing is configured; <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Where the facts come from.</summary>
    public string? Source { get; set; }
}
