namespace PromptCache.Core.Responses;

/// <summary>What could be made of a whole response.</summary>
public enum BodyReading
{
    /// <summary>A chat completion: it has the final figures.</summary>
    Settled,

    /// <summary>JSON, but no chat completion (no <c>choices</c> and no usage), such as an error that came as a success: nothing was generated, and nothing is settled.</summary>
    NoCompletion,

    /// <summary>Too long, cut, or no JSON: it is as it came, and what could be read of it is settled.</summary>
    Unread,
}
