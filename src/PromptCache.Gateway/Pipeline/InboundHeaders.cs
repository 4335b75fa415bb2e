using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The headers of a client's own protocol: they go where it is spoken, and nowhere else.</summary>
internal static class InboundHeaders
{
    private const string Prefix = "anthropic-";

    /// <summary>The id of a request, under the name that the protocol's clients read.</summary>
    private const string RequestId = "request-id";

    /// <summary>Tells the client its request's id.</summary>
    public static void Tell(HttpContext context)
    {
        if (!context.Response.Headers.ContainsKey(RequestId))
        {
            context.Response.Headers[RequestId] = context.Response.Headers[HeaderNames.RequestId];
        }
    }

    /// <summary>Fits the client's own headers to who gets them.</summary>
    public static void Fit(HttpRequestMessage request, ChatAttempt attempt, HttpRequest client)
    {
        if (attempt.Exchange.Inbound is null)
        {
            return;
        }

        if (attempt.PassesThrough)
        {
            KeepCredential(request, attempt.Target.Provider, client);
            return;
        }

        var own = request.Headers.NonValidated.Where(h => h.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Select(h => h.Key).ToArray();
        foreach (var name in own)
        {
            request.Headers.Remove(name);
        }
    }

    // A client's own credential goes as it came: an OAuth token is no API key.
    private static void KeepCredential(HttpRequestMessage request, ProviderModel provider, HttpRequest client)
    {
        if (provider.KeyMode == KeyMode.PassThrough && client.Headers.Authorization is { Count: > 0 } authorization)
        {
            request.Headers.Remove(provider.Protocol.KeyHeader.Header);
            request.Headers.TryAddWithoutValidation("Authorization", authorization.AsEnumerable());
        }
    }
}
