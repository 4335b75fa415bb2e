namespace PromptCache.Providers.Gemini;

/// <summary>The model table. A new family is a line here; a name that no line knows is taken for one of the newest generation.</summary>
/// <remarks>
/// Sources: ai.google.dev, guides Thinking (budgets and levels by model), Thought signatures (validated from Gemini 3 on), Function calling (multimodal
/// function responses from Gemini 3 on), read 2026-11; googleapis/python-genai 6680718 for names and enums.
/// </remarks>
internal static class GeminiModels
{
    // The first match counts: the longer name stands before the shorter.
    private static readonly GeminiModel[] Table =
    [
        new("gemini-2.5-pro", GeminiThinkingStyle.Budget, 128, 32_768),
        new("gemini-2.5-flash-lite", GeminiThinkingStyle.Budget, 512, 24_576, CanStop: true),
        new("gemini-2.5-flash-image", GeminiThinkingStyle.None),
        new("gemini-2.5-flash-preview-tts", GeminiThinkingStyle.None),
        new("gemini-2.5-", GeminiThinkingStyle.Budget, 1, 24_576, CanStop: true),
        new("gemini-2", GeminiThinkingStyle.None),
        new("gemini-1", GeminiThinkingStyle.None),
        new("gemma-", GeminiThinkingStyle.None),
        new("learnlm-", GeminiThinkingStyle.None),
        new("gemini-3-pro", GeminiThinkingStyle.Level, Signed: true, MediaResults: true),
        new("gemini-pro-", GeminiThinkingStyle.Level, Medium: true, Signed: true, MediaResults: true),
        new("gemini-3.1-pro", GeminiThinkingStyle.Level, Medium: true, Signed: true, MediaResults: true),
    ];

    private static readonly GeminiModel Newest = new("", GeminiThinkingStyle.Level, Minimal: true, Medium: true, Signed: true, MediaResults: true);

    /// <summary>The line for a model.</summary>
    public static GeminiModel Find(string model)
    {
        var name = ShortName(model);
        return Array.Find(Table, m => name.StartsWith(m.Match, StringComparison.OrdinalIgnoreCase)) ?? Newest;
    }

    /// <summary>The model as a path below the version: <c>models/gemini-2.5-flash</c>. A slash or any other byte of a client's name cannot leave its place.</summary>
    public static string ResourceName(string model)
        => model.StartsWith("tunedModels/", StringComparison.Ordinal)
            ? "tunedModels/" + Uri.EscapeDataString(model["tunedModels/".Length..])
            : "models/" + Uri.EscapeDataString(ShortName(model));

    private static string ShortName(string model)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["google/", "gemini/", "models/"])
        {
            if (model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                model = model[prefix.Length..];
            }
        }

        return model;
    }
}
