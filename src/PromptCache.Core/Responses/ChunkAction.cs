namespace PromptCache.Core.Responses;

/// <summary>What becomes of one event of a stream.</summary>
internal enum ChunkAction
{
    /// <summary>It goes on as it is.</summary>
    Pass,

    /// <summary>It holds nothing but usage that is not to be seen, or not again.</summary>
    Drop,

    /// <summary>The usage chunk of a client that did not ask: what it says is settled, and nobody sees it.</summary>
    SettleAndDrop,

    /// <summary>The usage chunk: it goes on with the final figures.</summary>
    Settle,

    /// <summary>Usage that is not known to be the last stands on it: it goes on at once with <c>usage: null</c>, and the figures follow.</summary>
    Mute,

    /// <summary>Running totals that the client may see, but not the upstream's cache fields in them.</summary>
    Strip,

    /// <summary><c>[DONE]</c>.</summary>
    Done,
}
