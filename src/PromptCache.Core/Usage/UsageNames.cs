namespace PromptCache.Core.Usage;

/// <summary>The members of an OpenAI-shaped usage object, with those that providers have added.</summary>
internal static class UsageNames
{
    public static ReadOnlySpan<byte> Prompt => "prompt_tokens"u8;

    /// <summary>Anthropic's place for it; OpenAI's is beside usage.</summary>
    public static ReadOnlySpan<byte> ServiceTier => "service_tier"u8;

    public static ReadOnlySpan<byte> Geo => "inference_geo"u8;

    public static ReadOnlySpan<byte> Completion => "completion_tokens"u8;

    public static ReadOnlySpan<byte> Total => "total_tokens"u8;

    public static ReadOnlySpan<byte> PromptDetails => "prompt_tokens_details"u8;

    public static ReadOnlySpan<byte> CompletionDetails => "completion_tokens_details"u8;

    /// <summary>In the details; Moonshot: also in usage itself.</summary>
    public static ReadOnlySpan<byte> Cached => "cached_tokens"u8;

    public static ReadOnlySpan<byte> Audio => "audio_tokens"u8;

    /// <summary>OpenAI's realtime API: what <see cref="Cached"/> consists of.</summary>
    public static ReadOnlySpan<byte> CachedDetails => "cached_tokens_details"u8;

    public static ReadOnlySpan<byte> CacheWrite => "cache_write_tokens"u8;

    public static ReadOnlySpan<byte> Reasoning => "reasoning_tokens"u8;

    /// <summary>The Responses and Messages APIs' spelling; some servers send it on this route.</summary>
    public static ReadOnlySpan<byte> Input => "input_tokens"u8;

    public static ReadOnlySpan<byte> Output => "output_tokens"u8;

    public static ReadOnlySpan<byte> InputDetails => "input_tokens_details"u8;

    public static ReadOnlySpan<byte> OutputDetails => "output_tokens_details"u8;

    /// <summary>DeepSeek.</summary>
    public static ReadOnlySpan<byte> Hit => "prompt_cache_hit_tokens"u8;

    /// <summary>DeepSeek.</summary>
    public static ReadOnlySpan<byte> Miss => "prompt_cache_miss_tokens"u8;

    /// <summary>Anthropic's name, which LiteLLM mirrors.</summary>
    public static ReadOnlySpan<byte> ReadInput => "cache_read_input_tokens"u8;

    /// <summary>Anthropic's name, which LiteLLM mirrors; Qwen: in the details.</summary>
    public static ReadOnlySpan<byte> CreationInput => "cache_creation_input_tokens"u8;

    /// <summary>LiteLLM, in the details.</summary>
    public static ReadOnlySpan<byte> CreationTokens => "cache_creation_tokens"u8;

    /// <summary>Anthropic's writes by lifetime; Qwen: in the details.</summary>
    public static ReadOnlySpan<byte> Creation => "cache_creation"u8;

    /// <summary>LiteLLM's name for the same, in the details.</summary>
    public static ReadOnlySpan<byte> CreationDetails => "cache_creation_token_details"u8;

    public static ReadOnlySpan<byte> Ephemeral5m => "ephemeral_5m_input_tokens"u8;

    public static ReadOnlySpan<byte> Ephemeral1h => "ephemeral_1h_input_tokens"u8;

    /// <summary>Infron's older flat spelling.</summary>
    public static ReadOnlySpan<byte> FlatRead => "prompt_tokens_cache_read"u8;

    /// <summary>Infron's older flat spelling.</summary>
    public static ReadOnlySpan<byte> FlatWrite => "prompt_tokens_cache_write"u8;

    /// <summary>OpenRouter: USD.</summary>
    public static ReadOnlySpan<byte> Cost => "cost"u8;

    /// <summary>xAI: one USD is 10^10 ticks.</summary>
    public static ReadOnlySpan<byte> CostTicks => "cost_in_usd_ticks"u8;

    /// <summary>OpenRouter: how <see cref="Cost"/> is made up.</summary>
    public static ReadOnlySpan<byte> CostDetails => "cost_details"u8;

    /// <summary>DeepInfra: USD.</summary>
    public static ReadOnlySpan<byte> EstimatedCost => "estimated_cost"u8;

    /// <summary>OpenRouter: whether <see cref="Cost"/> was billed on the caller's own key.</summary>
    public static ReadOnlySpan<byte> IsByok => "is_byok"u8;
}
