namespace PromptCache.Gateway.Configuration;

/// <summary>Whose cache counts a response carries.</summary>
internal enum UsageMode
{
    /// <summary>The provider's, and the store's only where the provider is silent.</summary>
    Provider,

    /// <summary>The prefix store's, always.</summary>
    Store,
}
