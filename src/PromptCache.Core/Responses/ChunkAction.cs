namespace PromptCache.Core.Responses;

/// <summary>What becomes of one event of a stream.</summary>
internal enum ChunkAction
{
    /// <summary>It goes on as it is.</summary>
    Pass,

    /// <summary>It goes on as it is, behind the usage chunk that is held and turns out not to be the last word.</summary>
    PassBehind,

    /// <summary>It holds nothing but usage, of which the client is not to know.</summary>
    Drop,

    /// <summary>It holds nothing but usage: it waits for the end, in place of the one that waited before.</summary>
    Hold,

    /// <summary>Usage that is not known to be the last stands on it: it goes on at once with <c>usage: null</c>, and the figures follow.</summary>
    Mute,

    /// <summary>Running totals that the client may see, but not the upstream's cache and cost fields in them.</summary>
    Strip,

    /// <summary><c>[DONE]</c>.</summary>
    Done,
}
