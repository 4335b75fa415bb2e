namespace PromptCache.Providers.Gemini;

/// <summary>What a model accepts, so far as a chat completion has to be written differently for it.</summary>
/// <param name="Match">The beginning of its name.</param>
/// <param name="Thinking">How it is told to think.</param>
/// <param name="MinBudget">The fewest thinking tokens that it can be given beside none at all.</param>
/// <param name="MaxBudget">The most.</param>
/// <param name="CanStop">Whether a budget of 0 switches thinking off.</param>
/// <param name="Minimal">Whether its levels include <c>minimal</c>.</param>
/// <param name="Medium">Whether its levels include <c>medium</c>.</param>
/// <param name="Signed">Whether it refuses a function call of its own that comes back without its thought signature.</param>
/// <param name="MediaResults">Whether a function's result may contain images and files.</param>
internal sealed record GeminiModel(
    string Match,
    GeminiThinkingStyle Thinking,
    int MinBudget = 0,
    int MaxBudget = 0,
    bool CanStop = false,
    bool Minimal = false,
    bool Medium = false,
    bool Signed = false,
    bool MediaResults = false);
