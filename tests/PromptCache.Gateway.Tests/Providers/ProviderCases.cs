using static PromptCache.Gateway.Tests.Providers.UsagePlace;

namespace PromptCache.Gateway.Tests.Providers;

/// <summary>The usage objects that providers document, and where they put them. Prices are those of the shipped book, in USD per million tokens.</summary>
internal static class ProviderCases
{
    private const string OpenAI = """{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";
    private const string Plain = """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050}""";
    private const string Cached = """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":960}}""";

    public static IReadOnlyList<ProviderCase> All { get; } =
    [
        // 86 x 2.50 + 1,920 x 1.25 + 300 x 10
        new("openai chat", "gpt-4o", OpenAI, LastChunk, 2006, 1920, null, 300) { Total = 0.005615m },
        new("openai reported 0 stays 0", "gpt-4o", OpenAI.Replace("1920", "0", StringComparison.Ordinal), LastChunk, 2006, 0, null, 300) { Total = 0.008015m },

        // 500 x 5 + 1,000 x 0.50 + 1,500 x 6.25 + 100 x 30
        new("openai writes", "gpt-5.6-sol", """{"prompt_tokens":3000,"completion_tokens":100,"total_tokens":3100,"prompt_tokens_details":{"cached_tokens":1000,"cache_write_tokens":1500,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":40}}""", LastChunk, 3000, 1000, 1500, 100) { Total = 0.015375m },
        new("azure chat", "gpt-4o", OpenAI, LastChunk, 2006, 1920, null, 300) { Total = 0.005615m },
        new("deepseek hit and miss", "deepseek-chat", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_cache_hit_tokens":960,"prompt_cache_miss_tokens":40,"prompt_tokens_details":{"cached_tokens":960}}""", LastChunk, 1000, 960, null, 50) { Total = 0.00005908m },
        new("deepseek without details", "deepseek-chat", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_cache_hit_tokens":960,"prompt_cache_miss_tokens":40}""", LastChunk, 1000, 960, null, 50) { Total = 0.00005908m },

        // Reasoning stands beside the completion, and the provider's own cost wins: 10^10 ticks are a dollar.
        new("xai reasoning beside, cost in ticks", "grok-4.5", """{"prompt_tokens":500,"completion_tokens":20,"total_tokens":620,"prompt_tokens_details":{"text_tokens":500,"audio_tokens":0,"image_tokens":0,"cached_tokens":384},"completion_tokens_details":{"reasoning_tokens":100,"audio_tokens":0},"num_sources_used":0,"cost_in_usd_ticks":12345000}""", FinishChunkThenEmpty, 500, 384, null, 120) { Total = 0.0012345m },

        // 116 x 2 + 384 x 0.50 + 120 x 6
        new("xai without a cost", "grok-4.5", """{"prompt_tokens":500,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":384},"completion_tokens_details":{"reasoning_tokens":100}}""", DeltaChunk, 500, 384, null, 120) { Total = 0.001144m },

        // 40 x 0.40 + 960 x 0.08 + 50 x 1.60
        new("qwen implicit", "qwen3.7-plus", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"text_tokens":1000,"cached_tokens":960}}""", LastChunk, 1000, 960, null, 50) { Total = 0.0001728m },

        // 287 x 0.40 + 29,713 x 0.50 + 50 x 1.60
        new("qwen created", "qwen3.7-plus", """{"prompt_tokens":30000,"completion_tokens":50,"total_tokens":30050,"prompt_tokens_details":{"text_tokens":30000,"cached_tokens":0,"cache_creation_input_tokens":29713,"cache_type":"ephemeral","cache_creation":{"ephemeral_5m_input_tokens":29713}}}""", LastChunk, 30000, 0, 29713, 50) { Total = 0.0150513m },
        new("qwen created, split alone", "qwen3.7-plus", """{"prompt_tokens":30000,"completion_tokens":50,"total_tokens":30050,"prompt_tokens_details":{"cached_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":29713}}}""", LastChunk, 30000, 0, 29713, 50) { Total = 0.0150513m },
        new("qwen created, nested name", "qwen3.7-plus", """{"prompt_tokens":30000,"completion_tokens":50,"total_tokens":30050,"prompt_tokens_details":{"cached_tokens":0,"cache_creation":{"cache_creation_input_tokens":29713}}}""", LastChunk, 30000, 0, 29713, 50) { Total = 0.0150513m },

        // 40 x 0.95 + 960 x 0.16 + 50 x 4
        new("moonshot top level", "kimi-k2.6", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"cached_tokens":960}""", ChoiceOfFinishChunk, 1000, 960, null, 50) { Total = 0.0003916m },
        new("moonshot details", "kimi-k2.6", Cached, LastChunk, 1000, 960, null, 50) { Total = 0.0003916m },

        // 40 x 0.60 + 960 x 0.11 + 50 x 2.20
        new("zai chat", "glm-4.6", Cached, FinishChunk, 1000, 960, null, 50) { Total = 0.0002396m },

        // 40 x 0.50 + 960 x 0.05 + 50 x 1.50
        new("mistral chat", "mistral-large-2512", Cached, FinishChunk, 1000, 960, null, 50) { Total = 0.000143m },
        new("groq stream of its own", "openai/gpt-oss-120b", Cached, XGroq, 1000, 960, null, 50) { Total = 0.000108m },
        new("groq two reports", "openai/gpt-oss-120b", Cached, XGroqAndLastChunk, 1000, 960, null, 50) { Total = 0.000108m },
        new("fireworks body", "accounts/fireworks/models/gpt-oss-120b", Cached, LastChunk, 1000, 960, null, 50) { Total = 0.0000504m },
        new("fireworks headers", "accounts/fireworks/models/gpt-oss-120b", "", Headers, 1000, 960, null, 1) { Total = 0.000021m, Headers = ["fireworks-prompt-tokens: 1000", "fireworks-cached-prompt-tokens: 960"], Source = "provider" },
        new("together chat", "deepseek-ai/DeepSeek-V3.1", Cached, FinishChunk, 1000, 960, null, 50) { Total = 0.000685m },
        new("openrouter cost", "anthropic/claude-sonnet-4.5", """{"prompt_tokens":194,"completion_tokens":2,"total_tokens":196,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":100,"audio_tokens":0,"video_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":null},"cost":0.95,"is_byok":false,"cost_details":{"upstream_inference_cost":null,"upstream_inference_prompt_cost":0.0008,"upstream_inference_completions_cost":0.0004}}""", LastChunkAlways, 194, 0, 100, 2) { Total = 0.95m },
        new("infron cost beside", "anthropic/claude-sonnet-4.5", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":900,"cache_write_tokens":50,"audio_tokens":0,"video_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""", LastChunk, 1000, 900, 50, 50) { Beside = ""","cost":0.5""", Total = 0.5m },
        new("infron flat names", "anthropic/claude-sonnet-4.5", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_cache_read":900,"prompt_tokens_cache_write":50}""", LastChunk, 1000, 900, 50, 50) { Beside = ""","cost":0.5""", Total = 0.5m },

        // 40 x 0.40 + 960 x 0.10 + 50 x 1.60
        new("smallest chat", "electron", Cached, LastChunk, 1000, 960, null, 50) { Total = 0.000192m },
        new("vllm hit", "my-model", Cached, LastChunk, 1000, 960, null, 50) { Status = "unpriced" },
        new("vllm continuous", "my-model", Cached, EveryChunk, 1000, 960, null, 50) { Status = "unpriced" },
        new("vllm miss is null", "my-model", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":null}""", LastChunk, 1000, 0, null, 50) { Status = "unpriced", Source = "store" },
        new("sglang hit", "my-model", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"reasoning_tokens":10,"prompt_tokens_details":{"cached_tokens":960}}""", LastChunk, 1000, 960, null, 50) { Status = "unpriced" },
        new("sglang miss", "my-model", Plain, LastChunk, 1000, 0, null, 50) { Status = "unpriced", Source = "store" },
        new("llamacpp timings", "my-model", Cached, LastChunk, 1000, 960, null, 50) { Beside = ""","timings":{"cache_n":960,"prompt_n":40,"predicted_n":50}""", Status = "unpriced" },
        new("ollama plain", "my-model", Plain, LastChunk, 1000, 0, null, 50) { Status = "unpriced", Source = "store" },

        // Thinking is in the total alone: 2,496 - 1,469 is output. 1,469 x 0.30 + 1,027 x 2.50
        new("gemini-openai thinking in the total", "gemini-2.5-flash", """{"prompt_tokens":1469,"completion_tokens":744,"total_tokens":2496}""", LastChunk, 1469, 0, null, 1027) { Total = 0.0030082m, Source = "store" },
        new("gemini-openai hit", "gemini-2.5-flash", """{"prompt_tokens":1469,"completion_tokens":744,"total_tokens":2213,"prompt_tokens_details":{"cached_tokens":1024}}""", EveryChunk, 1469, 1024, null, 744) { Total = 0.00202422m },

        // A LiteLLM proxy as upstream mirrors the same tokens under several names: none is added twice.
        new("openai through LiteLLM", "claude-sonnet-4-5", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":600,"cache_creation_tokens":300},"cache_read_input_tokens":600,"cache_creation_input_tokens":300}""", LastChunk, 1000, 600, 300, 50) { Total = 0.002355m },

        // A report that cannot be true is clamped, and says so.
        new("openai inconsistent", "gpt-4o", """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":2000}}""", LastChunk, 1000, 1000, null, 50) { Total = 0.00175m, Status = "inconsistent" },
    ];
}
