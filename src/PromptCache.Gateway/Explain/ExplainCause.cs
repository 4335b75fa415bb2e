namespace PromptCache.Gateway.Explain;

/// <summary>Why a prefix is not known from some segment on.</summary>
/// <param name="Code">One of <see cref="CauseCode"/>.</param>
/// <param name="Certain">Whether it was observed; otherwise it is likely.</param>
/// <param name="Text">The same in words. Holds nothing of the prompt.</param>
internal sealed record ExplainCause(string Code, bool Certain, string Text);
