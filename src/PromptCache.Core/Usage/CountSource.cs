namespace PromptCache.Core.Usage;

/// <summary>Where the cached and written counts come from; <c>cost_details.source</c>.</summary>
public enum CountSource
{
    /// <summary>Nobody knows: the store had not answered and the provider was silent.</summary>
    Unknown,

    /// <summary>The provider reported them.</summary>
    Provider,

    /// <summary>Computed from the prefix store.</summary>
    Store,

    /// <summary>Computed from the prefix store, with prompt or completion tokens counted without the exact vocabulary.</summary>
    Estimated,
}
