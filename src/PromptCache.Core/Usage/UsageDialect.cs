namespace PromptCache.Core.Usage;

/// <summary>Where a provider's OpenAI-shaped usage differs from OpenAI's and its shape alone does not show it; data of the provider.</summary>
/// <param name="ReasoningBeside">xAI: <c>completion_tokens</c> excludes <c>reasoning_tokens</c>; both are billed as output. A <c>total_tokens</c> that adds up either way decides; this decides the rest.</param>
/// <param name="ReasoningInTotal">Gemini's OpenAI-compatible route: <c>completion_tokens</c> excludes thinking, which nothing but <c>total_tokens</c> includes (openai-python issue 2544); what the total has beyond prompt and completion is output.</param>
public sealed record UsageDialect(bool ReasoningBeside = false, bool ReasoningInTotal = false)
{
    public static UsageDialect OpenAI { get; } = new();
}
