using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using static PromptCache.Simulator.OpenAI.UsagePlaces;

namespace PromptCache.Simulator.OpenAI;

/// <summary>The usage shapes by name: those of providers, and some that no provider should have.</summary>
internal static class UsageShapes
{
    private static readonly FrozenDictionary<string, UsageShape> ByName = new UsageShape[]
    {
        new("openai", Body, LastChunk | NullElsewhere, UsageObjects.OpenAI),
        new("openai-5.6", Body, LastChunk | NullElsewhere, UsageObjects.OpenAIWithWrites),
        new("deepseek", Body, LastChunk | NullElsewhere, UsageObjects.DeepSeek) { ShowsReasoning = true },
        new("moonshot", Body | ChoiceOfFinishChunk, LastChunk, UsageObjects.Moonshot) { ShowsReasoning = true },
        new("xai", Body | FinishChunk | EmptyLastChunk, None, UsageObjects.XAI) { ShowsReasoning = true },
        new("groq", Body | XGroq, LastChunk, UsageObjects.Groq),
        new("qwen", Body, LastChunk | NullElsewhere, UsageObjects.Qwen) { ShowsReasoning = true },
        new("mistral", Body | FinishChunk, None, UsageObjects.CachedOnly),
        new("zai", Body | FinishChunk, None, UsageObjects.CachedOnly) { ShowsReasoning = true },
        new("vllm", Body, LastChunk, UsageObjects.VLlm) { ShowsReasoning = true },
        new("vllm-continuous", Body, LastChunk | EveryChunk, UsageObjects.CachedOnHit) { ShowsReasoning = true },
        new("sglang", Body, LastChunk, UsageObjects.CachedOnHit) { ShowsReasoning = true },
        new("llamacpp", Body, LastChunk, UsageObjects.CachedOnly) { Beside = UsageObjects.LlamaTimings },
        new("openrouter", Body | LastChunk, None, UsageObjects.OpenRouter),
        new("infron", Body, LastChunk, UsageObjects.Infron) { Beside = UsageObjects.InfronCost },
        new("fireworks", Body | Headers, LastChunk, UsageObjects.CachedOnHit),
        new("fireworks-headers", Headers, None, UsageObjects.CachedOnHit),
        new("none", None, None, UsageObjects.Plain),
        new("plain", Body, LastChunk, UsageObjects.Plain),
        new("every-chunk", Body | EveryChunk | LastChunk, None, UsageObjects.OpenAI),
        new("null-first", Body | NullElsewhere | FinishChunk, None, UsageObjects.OpenAI),
        new("inconsistent", Body, LastChunk | NullElsewhere, UsageObjects.Inconsistent),
    }.ToFrozenDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out UsageShape? shape) => ByName.TryGetValue(name, out shape);
}
