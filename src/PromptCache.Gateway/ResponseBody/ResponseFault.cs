namespace PromptCache.Gateway.ResponseBody;

/// <summary>What was wrong with a reply that came to its end. The names stand in the log, as a request's <c>Error</c>.</summary>
internal enum ResponseFault
{
    None,

    /// <summary>A stream stopped without <c>[DONE]</c> and without a reason to finish, or a reply had no body. What had come is billed.</summary>
    ResponseTruncated,

    /// <summary>The reply could not be understood, to its end or at all. What could be read of it is billed; the rest is an estimate.</summary>
    ResponseUnread,

    /// <summary>The provider reported an error in a stream that had begun. What had come before is billed.</summary>
    ResponseErrorEvent,
}
