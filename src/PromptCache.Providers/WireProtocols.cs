using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using PromptCache.Providers.Anthropic;
using PromptCache.Providers.Gemini;
using PromptCache.Providers.OpenAI;

namespace PromptCache.Providers;

/// <summary>The protocols that upstreams may speak. A new one is a folder and a line here.</summary>
public static class WireProtocols
{
    private static readonly FrozenDictionary<string, IWireProtocol> ByName = new IWireProtocol[]
    {
        new OpenAIProtocol(),
        new AnthropicProtocol(),
        new GeminiProtocol(),
    }.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out IWireProtocol? protocol) => ByName.TryGetValue(name, out protocol);
}
