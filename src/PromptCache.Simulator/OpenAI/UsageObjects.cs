using System.Text.Json.Nodes;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Usage objects in the words of each provider.</summary>
internal static class UsageObjects
{
    public static JsonObject OpenAI(UsageFacts facts) => WithDetails(
        facts,
        new() { ["cached_tokens"] = facts.Cache.Read, ["audio_tokens"] = 0 },
        new() { ["reasoning_tokens"] = facts.Reasoning, ["audio_tokens"] = 0, ["accepted_prediction_tokens"] = 0, ["rejected_prediction_tokens"] = 0 });

    public static JsonObject OpenAIWithWrites(UsageFacts facts)
    {
        var usage = OpenAI(facts);
        usage["prompt_tokens_details"]!["cache_write_tokens"] = facts.Cache.Written;
        return usage;
    }

    public static JsonObject DeepSeek(UsageFacts facts)
    {
        var usage = WithDetails(facts, new() { ["cached_tokens"] = facts.Cache.Read }, new() { ["reasoning_tokens"] = facts.Reasoning });
        usage["prompt_cache_hit_tokens"] = facts.Cache.Read;
        usage["prompt_cache_miss_tokens"] = facts.Prompt - facts.Cache.Read;
        return usage;
    }

    public static JsonObject Moonshot(UsageFacts facts)
    {
        var usage = Plain(facts);
        usage["cached_tokens"] = facts.Cache.Read;
        return usage;
    }

    /// <summary>xAI counts reasoning beside the completion, and knows the exact cost: 1 USD is 10^10 ticks.</summary>
    public static JsonObject XAI(UsageFacts facts) => new()
    {
        ["prompt_tokens"] = facts.Prompt,
        ["completion_tokens"] = facts.Visible,
        ["total_tokens"] = facts.Total,
        ["prompt_tokens_details"] = new JsonObject { ["text_tokens"] = facts.Prompt, ["audio_tokens"] = 0, ["image_tokens"] = 0, ["cached_tokens"] = facts.Cache.Read },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = facts.Reasoning, ["audio_tokens"] = 0 },
        ["num_sources_used"] = 0,
        ["cost_in_usd_ticks"] = (long)((facts.PromptCost + facts.OutputCost) * 10_000_000_000m),
    };

    public static JsonObject Groq(UsageFacts facts)
    {
        var usage = WithDetails(facts, new() { ["cached_tokens"] = facts.Cache.Read }, new() { ["reasoning_tokens"] = facts.Reasoning });
        usage["queue_time"] = 0.01;
        usage["prompt_time"] = 0.02;
        usage["completion_time"] = 0.1;
        usage["total_time"] = 0.12;
        return usage;
    }

    /// <summary>Qwen reports writes inside the prompt's details, for requests with breakpoints only.</summary>
    public static JsonObject Qwen(UsageFacts facts)
    {
        var details = new JsonObject { ["text_tokens"] = facts.Prompt, ["cached_tokens"] = facts.Cache.Read };
        if (facts.Markers)
        {
            details["cache_creation_input_tokens"] = facts.Cache.Written;
            details["cache_type"] = "ephemeral";
            details["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = facts.Cache.Written };
        }

        return WithDetails(facts, details, new() { ["reasoning_tokens"] = facts.Reasoning, ["text_tokens"] = facts.Visible });
    }

    public static JsonObject CachedOnly(UsageFacts facts) => WithDetails(facts, new() { ["cached_tokens"] = facts.Cache.Read }, completion: null);

    /// <summary>vLLM and SGLang leave the details out on a miss.</summary>
    public static JsonObject CachedOnHit(UsageFacts facts) => facts.Cache.Read > 0 ? CachedOnly(facts) : Plain(facts);

    public static JsonObject VLlm(UsageFacts facts)
    {
        var usage = CachedOnHit(facts);
        usage.TryAdd("prompt_tokens_details", null);
        return usage;
    }

    public static JsonObject OpenRouter(UsageFacts facts)
    {
        var usage = WithDetails(
            facts,
            new() { ["cached_tokens"] = facts.Cache.Read, ["cache_write_tokens"] = facts.Cache.Written, ["audio_tokens"] = 0, ["video_tokens"] = 0 },
            new() { ["reasoning_tokens"] = facts.Reasoning, ["audio_tokens"] = null });
        usage["cost"] = facts.PromptCost + facts.OutputCost;
        usage["is_byok"] = false;
        usage["cost_details"] = new JsonObject
        {
            ["upstream_inference_cost"] = null,
            ["upstream_inference_prompt_cost"] = facts.PromptCost,
            ["upstream_inference_completions_cost"] = facts.OutputCost,
        };
        return usage;
    }

    public static JsonObject Infron(UsageFacts facts) => WithDetails(
        facts,
        new() { ["cached_tokens"] = facts.Cache.Read, ["cache_write_tokens"] = facts.Cache.Written, ["audio_tokens"] = 0, ["video_tokens"] = 0 },
        new() { ["reasoning_tokens"] = facts.Reasoning, ["image_tokens"] = 0, ["audio_tokens"] = 0 });

    /// <summary>Infron's cost stands beside usage, for those who ask.</summary>
    public static JsonObject InfronCost(UsageFacts facts) => facts.WithCost
        ? new()
        {
            ["cost"] = facts.PromptCost + facts.OutputCost,
            ["cost_details"] = new JsonObject
            {
                ["prompt_cost"] = facts.PromptCost,
                ["completion_cost"] = facts.OutputCost,
                ["prompt_cache_read_cost"] = facts.Cache.Read * facts.Options.CacheReadPrice / 1_000_000m,
                ["prompt_cache_write_cost"] = facts.Cache.Written * facts.Options.CacheWritePrice / 1_000_000m,
                ["discount_rate"] = 1,
                ["is_byok"] = false,
            },
        }
        : [];

    public static JsonObject LlamaTimings(UsageFacts facts) => new()
    {
        ["timings"] = new JsonObject { ["cache_n"] = facts.Cache.Read, ["prompt_n"] = facts.Prompt - facts.Cache.Read, ["predicted_n"] = facts.Output },
    };

    /// <summary>A report that cannot be true: more cached than there was, and a wrong total.</summary>
    public static JsonObject Inconsistent(UsageFacts facts) => new()
    {
        ["prompt_tokens"] = facts.Prompt,
        ["completion_tokens"] = facts.Output,
        ["total_tokens"] = facts.Prompt,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = facts.Prompt + 1000, ["cache_write_tokens"] = -1 },
    };

    public static JsonObject Plain(UsageFacts facts) => new()
    {
        ["prompt_tokens"] = facts.Prompt,
        ["completion_tokens"] = facts.Output,
        ["total_tokens"] = facts.Total,
    };

    private static JsonObject WithDetails(UsageFacts facts, JsonObject prompt, JsonObject? completion)
    {
        var usage = Plain(facts);
        usage["prompt_tokens_details"] = prompt;
        if (completion is not null)
        {
            usage["completion_tokens_details"] = completion;
        }

        return usage;
    }
}
