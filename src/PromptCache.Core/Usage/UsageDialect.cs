namespace PromptCache.Core.Usage;

/// <summary>Where a provider's OpenAI-shaped usage differs from OpenAI's; data of the provider.</summary>
/// <param name="ReasoningBeside">xAI: <c>completion_tokens</c> excludes <c>reasoning_tokens</c>; both are billed as output.</param>
public sealed record UsageDialect(bool ReasoningBeside = false)
{
    public static UsageDialect OpenAI { get; } = new();
}
