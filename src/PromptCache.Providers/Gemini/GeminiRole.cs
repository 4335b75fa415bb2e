namespace PromptCache.Providers.Gemini;

/// <summary>Whose a content is, as far as its place in the request is concerned.</summary>
internal enum GeminiRole
{
    /// <summary>Nothing has been written.</summary>
    None,

    /// <summary>The system instruction.</summary>
    Leading,
    User,
    Model,

    /// <summary>A user's content that holds the results of functions.</summary>
    Results,
}
