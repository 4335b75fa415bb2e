namespace PromptCache.Simulator.OpenAI;

/// <summary>Where usage stands in a reply.</summary>
[Flags]
internal enum UsagePlaces
{
    None = 0,

    /// <summary><c>usage</c> of a reply that is not streamed.</summary>
    Body = 1,

    /// <summary>A last chunk of its own, with empty <c>choices</c>.</summary>
    LastChunk = 2,

    /// <summary><c>usage</c> of the chunk that has the finish reason.</summary>
    FinishChunk = 4,

    /// <summary><c>choices[0].usage</c> of the chunk that has the finish reason.</summary>
    ChoiceOfFinishChunk = 8,

    /// <summary><c>x_groq.usage</c> of the chunk that has the finish reason.</summary>
    XGroq = 16,

    /// <summary>Running totals on every chunk.</summary>
    EveryChunk = 32,

    /// <summary>Response headers.</summary>
    Headers = 64,

    /// <summary><c>usage: null</c> on every chunk that has no usage.</summary>
    NullElsewhere = 128,

    /// <summary>A chunk with empty <c>choices</c> and no usage at the end.</summary>
    EmptyLastChunk = 256,
}
