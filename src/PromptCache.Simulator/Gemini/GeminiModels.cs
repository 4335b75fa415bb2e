namespace PromptCache.Simulator.Gemini;

/// <summary>The shortest prefix that each model caches, implicitly or by <c>cachedContents</c>.</summary>
/// <remarks>Sources: Infron's "Prompt Caching" for 2.5; ai.google.dev "Context caching" for the others (3 Flash from its older edition).</remarks>
internal static class GeminiModels
{
    private const int Default = 4096;

    private static readonly (string Name, int MinTokens)[] Minimums = [("gemini-2.5-flash", 1028), ("gemini-2.5-pro", 2048), ("gemini-3-flash", 1024)];

    public static int MinTokens(string model) => Minimums.Where(m => model.Contains(m.Name, StringComparison.Ordinal)).Select(m => m.MinTokens).FirstOrDefault(Default);

    /// <summary>Whether the model wants the signatures of its own thoughts back with its calls ("Thought signatures", from Gemini 3 on).</summary>
    public static bool NeedsSignatures(string model) => model.Contains("gemini-3", StringComparison.Ordinal);
}
