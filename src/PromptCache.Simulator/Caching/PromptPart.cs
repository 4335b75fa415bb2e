namespace PromptCache.Simulator.Caching;

/// <summary>One unit of a prompt, as the simulated provider sees it.</summary>
/// <param name="Level">Tools, system or messages.</param>
/// <param name="Tag">What tells it from other units beside its text: role, kind, ids, an image's URL.</param>
/// <param name="Text">The UTF-8 text that becomes tokens; empty where a rule counts instead.</param>
internal sealed record PromptPart(PromptLevel Level, string Tag, byte[] Text)
{
    /// <summary>Tokens beside the text's: the message's overhead, or what a rule gives for an image.</summary>
    public int ExtraTokens { get; init; }

    /// <summary>What a rule counts for the text, where that is not its tokens; null: its tokens.</summary>
    public int? Billed { get; init; }

    /// <summary>Tokens behind the text.</summary>
    public int TailTokens { get; init; }

    /// <summary>The lifetime of the breakpoint on this unit; null: it is not marked.</summary>
    public TimeSpan? MarkedFor { get; init; }
}
