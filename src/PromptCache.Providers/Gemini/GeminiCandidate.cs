namespace PromptCache.Providers.Gemini;

/// <summary>One choice of a stream, as far as it has come.</summary>
internal sealed class GeminiCandidate
{
    /// <summary>The role has been said.</summary>
    public bool Started { get; set; }

    /// <summary>The reason for its end has been said.</summary>
    public bool Finished { get; set; }

    /// <summary>Tool calls so far.</summary>
    public int Calls { get; set; }

    /// <summary>Entries of <c>reasoning_details</c> so far.</summary>
    public int Details { get; set; }
}
