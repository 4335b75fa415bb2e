namespace PromptCache.Gateway.Tests.Providers;

/// <summary>Where a provider puts its usage in a stream.</summary>
public enum UsagePlace
{
    /// <summary>A last chunk without choices, when it is asked for; <c>usage: null</c> before.</summary>
    LastChunk,

    /// <summary>The same, asked for or not.</summary>
    LastChunkAlways,

    /// <summary>The chunk that has the finish reason.</summary>
    FinishChunk,

    /// <summary>The chunk that has the finish reason, and then a chunk without anything.</summary>
    FinishChunkThenEmpty,

    /// <summary><c>choices[0].usage</c> of the chunk that has the finish reason.</summary>
    ChoiceOfFinishChunk,

    /// <summary><c>x_groq.usage</c> of the chunk that has the finish reason.</summary>
    XGroq,

    /// <summary><c>x_groq.usage</c>, and a last chunk as well.</summary>
    XGroqAndLastChunk,

    /// <summary>Running totals on every chunk.</summary>
    EveryChunk,

    /// <summary>A chunk with a delta carries it.</summary>
    DeltaChunk,

    /// <summary>Response headers.</summary>
    Headers,
}
