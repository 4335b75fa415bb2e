using System.Collections.Frozen;

namespace PromptCache.Core.Pricing;

/// <summary>The providers of the price book: their names, and where else to look for a model that one of them does not list.</summary>
internal static class PriceProviders
{
    /// <summary>Those that sell models of their own, in the order in which a model named without its provider is sought.</summary>
    public static readonly string[] Vendors = ["openai", "anthropic", "gemini", "deepseek", "xai", "qwen", "moonshot", "zai", "mistral", "smallest"];

    /// <summary>
    /// Their prices are their own: a model that is not listed for them is not sold at its vendor's price.
    /// An engine of one's own has no list price at all.
    /// </summary>
    private static readonly FrozenSet<string> OwnPrices = new[] { "groq", "fireworks", "together", "azure_ai", "vllm", "sglang", "llamacpp", "ollama" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Known = new[] { "azure", "vertex", "bedrock", "openrouter" }.Concat(Vendors).Concat(OwnPrices)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["claude"] = "anthropic",
        ["google"] = "gemini",
        ["vertex_ai"] = "vertex",
        ["azure-openai"] = "azure",
        ["azure_openai"] = "azure",
        ["x-ai"] = "xai",
        ["grok"] = "xai",
        ["dashscope"] = "qwen",
        ["alibaba"] = "qwen",
        ["moonshotai"] = "moonshot",
        ["kimi"] = "moonshot",
        ["z-ai"] = "zai",
        ["z.ai"] = "zai",
        ["zhipu"] = "zai",
        ["mistralai"] = "mistral",
        ["fireworks_ai"] = "fireworks",
        ["fireworks-ai"] = "fireworks",
        ["together_ai"] = "together",
        ["togetherai"] = "together",
        ["smallest-ai"] = "smallest",
        ["llama.cpp"] = "llamacpp",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The book's name of a provider; a name that it does not know is its own.</summary>
    public static string Canonical(string name) => Aliases.GetValueOrDefault(name, name);

    public static bool IsKnown(string name) => Known.Contains(name) || Aliases.ContainsKey(name);

    /// <summary>Whether a model that this provider does not list may be priced as its vendor prices it.</summary>
    public static bool MayFallBack(string canonical) => !OwnPrices.Contains(canonical);
}
