namespace PromptCache.Core.Responses;

/// <summary>Where one call stands in its buffer.</summary>
internal struct StreamCursor
{
    /// <summary>The first byte that goes out as it is and has not been written yet.</summary>
    public int Pass;

    /// <summary>The first byte of the event that is being looked at.</summary>
    public int Start;

    /// <summary>The first byte that has not been scanned.</summary>
    public int At;
}
