using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>What is to be answered, and what it used.</summary>
/// <param name="Model">Without <c>models/</c>.</param>
/// <param name="Prompt">All prompt tokens, cached ones included.</param>
/// <param name="Cached">Tokens from a stored prefix, or from the implicit cache.</param>
/// <param name="Completion">The answer.</param>
/// <param name="ShowsThoughts"><c>includeThoughts</c>.</param>
/// <param name="Write">What becomes readable when the reply begins.</param>
internal sealed record GeminiCall(string Model, int Prompt, int Cached, Completion Completion, bool ShowsThoughts, PendingWrite Write);
