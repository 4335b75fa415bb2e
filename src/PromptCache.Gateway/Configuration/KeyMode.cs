namespace PromptCache.Gateway.Configuration;

/// <summary>Which key goes to a provider.</summary>
internal enum KeyMode
{
    /// <summary>The provider's own, from the configuration; it replaces the client's.</summary>
    Own,

    /// <summary>The client's.</summary>
    PassThrough,

    /// <summary>None is needed, and the client's is not passed on.</summary>
    None,

    /// <summary>The configured variable is not set: an error once the provider is used.</summary>
    Missing,
}
