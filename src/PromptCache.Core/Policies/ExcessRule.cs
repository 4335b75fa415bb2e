namespace PromptCache.Core.Policies;

/// <summary>What happens to a request with more markers than the policy allows.</summary>
public enum ExcessRule
{
    /// <summary>It is refused with a 400 (Anthropic).</summary>
    Reject,

    /// <summary>Only the last <c>MaxBreakpoints</c> count (Qwen).</summary>
    KeepLast,

    /// <summary>Only the very last one counts (Gemini).</summary>
    OnlyLast,
}
