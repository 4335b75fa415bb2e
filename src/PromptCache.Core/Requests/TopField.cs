namespace PromptCache.Core.Requests;

/// <summary>The top-level fields that the gateway reads.</summary>
internal enum TopField
{
    Model,
    Messages,
    Tools,
    ToolChoice,
    ResponseFormat,
    Stream,
    StreamOptions,
    Usage,
    Provider,
    CacheControl,
    PromptCacheKey,
    PromptCacheOptions,
    ServiceTier,
    Functions,
    PromptCacheRetention,
}
