using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Simulator.Caching;

/// <summary>The rules of the providers that can be simulated. Sources: each provider's prompt-caching page, as of November 2026.</summary>
internal static class CacheRulesTable
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private static readonly FrozenDictionary<string, CacheRules> ByName = new CacheRules[]
    {
        new("electron", CacheMode.Implicit, 0, 1, FiveMinutes) { Usage = "openai" },
        new("openai", CacheMode.Implicit, 1024, 128, FiveMinutes) { Usage = "openai", Strict = true, LongTtl = TimeSpan.FromHours(24) },
        new("openai-5.6", CacheMode.Automatic, 1024, 1, TimeSpan.FromMinutes(30)) { Usage = "openai-5.6", Strict = true },
        new("deepseek", CacheMode.Implicit, 64, 64, TimeSpan.FromHours(2)) { Usage = "deepseek" },
        new("xai", CacheMode.Implicit, 128, 128, FiveMinutes) { Usage = "xai" },
        new("qwen", CacheMode.Either, 256, 1, FiveMinutes) { Usage = "qwen" },
        new("moonshot", CacheMode.Implicit, 256, 256, FiveMinutes) { Usage = "moonshot", WholeOnResend = true },
        new("zai", CacheMode.Implicit, 0, 1, FiveMinutes) { Usage = "zai" },
        new("mistral", CacheMode.Implicit, 64, 64, FiveMinutes) { Usage = "mistral", Strict = true },
        new("groq", CacheMode.Implicit, 1024, 1, TimeSpan.FromHours(2)) { Usage = "groq", Strict = true },
        new("fireworks", CacheMode.Implicit, 0, 1, FiveMinutes) { Usage = "fireworks" },
        new("openrouter", CacheMode.Implicit, 0, 1, FiveMinutes) { Usage = "openrouter" },
        new("infron", CacheMode.Implicit, 0, 1, FiveMinutes) { Usage = "infron" },
        new("vllm", CacheMode.Implicit, 16, 16, TimeSpan.FromHours(1)) { Usage = "vllm", RecomputesLast = true },
        new("sglang", CacheMode.Implicit, 1, 1, TimeSpan.FromHours(1)) { Usage = "sglang", RecomputesLast = true },
        new("llamacpp", CacheMode.Implicit, 1, 1, TimeSpan.FromHours(1)) { Usage = "llamacpp", RecomputesLast = true },
        new("none", CacheMode.None, 0, 1, FiveMinutes) { Usage = "none" },
    }.ToFrozenDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out CacheRules? rules) => ByName.TryGetValue(name, out rules);
}
