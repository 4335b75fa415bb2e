namespace PromptCache.Gateway.Pipeline;

/// <summary>Headers of the response contract, and those that the gateway reads.</summary>
internal static class HeaderNames
{
    public const string RequestId = "x-request-id";

    /// <summary>The upstream's own request id, where the client brought one of its own.</summary>
    public const string UpstreamRequestId = "x-upstream-request-id";

    /// <summary>The store's view when the headers leave: hit, partial, miss, bypass or unknown.</summary>
    public const string Status = "x-promptcache-status";

    /// <summary>Which provider served the request.</summary>
    public const string Provider = "x-promptcache-provider";

    /// <summary>Request: <c>1</c> asks for the prediction in the response's headers.</summary>
    public const string Debug = "x-promptcache-debug";

    /// <summary>What the policy expects to be read from the cache, in tokens as the upstream counts them where the response is not streamed, else by our count; only on request.</summary>
    public const string Predicted = "x-promptcache-predicted-tokens";

    /// <summary>Why not more is expected, in one word; only on request.</summary>
    public const string Reason = "x-promptcache-reason";

    /// <summary>What the provider reports as read minus what was predicted, in tokens; only on request, and only when not streamed.</summary>
    public const string Difference = "x-promptcache-difference";

    /// <summary>Request: <c>1</c> asks for <c>cost_details</c> in a response that passes through in the client's own protocol.</summary>
    public const string CostDetails = "x-promptcache-cost-details";

    /// <summary>Everything of ours; never passed on.</summary>
    public const string OwnPrefix = "x-promptcache-";
}
