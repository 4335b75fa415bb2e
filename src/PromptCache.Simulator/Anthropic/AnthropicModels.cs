namespace PromptCache.Simulator.Anthropic;

/// <summary>The shortest prefix that each model caches. Source: Anthropic's "Prompt caching" page (2026-07-13) and the prompt-caching skill file behind it.</summary>
internal static class AnthropicModels
{
    private const int Default = 1024;

    // The first that the name contains.
    private static readonly (string Name, int MinTokens)[] Minimums =
    [
        ("opus-5-5", Default),
        ("fable-5-2", Default),
        ("opus-5", 512),
        ("fable-5", 512),
        ("mythos-5", 512),
        ("mythos-preview", 2048),
        ("opus-4-7", 2048),
        ("opus-4-6", 4096),
        ("opus-4-5", 4096),
        ("haiku-4-5", 4096),
        ("haiku-3-5", 2048),
        ("3-5-haiku", 2048),
    ];

    private static readonly string[] Forgetful = ["haiku-4-5", "haiku-3-5", "3-5-haiku", "sonnet-4-5", "sonnet-4-0", "sonnet-4-2025", "sonnet-3-7", "3-7-sonnet", "opus-4-0", "opus-4-1", "opus-4-2025"];

    /// <summary>Whether a user turn that is no tool result makes the model forget what it thought before.</summary>
    public static bool ForgetsThinking(string model) => Forgetful.Any(f => model.Replace('.', '-').Contains(f, StringComparison.OrdinalIgnoreCase));

    public static int MinTokens(string model)
    {
        var name = model.ToLowerInvariant().Replace('.', '-');
        return Minimums.Where(m => name.Contains(m.Name, StringComparison.Ordinal)).Select(m => m.MinTokens).FirstOrDefault(Default);
    }
}
