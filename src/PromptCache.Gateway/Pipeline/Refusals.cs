using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The gateway's own errors, in words.</summary>
internal static class Refusals
{
    public static RequestError UnknownKey { get; } = new("The API key is missing or not known to this gateway. Send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.", Param: null, "invalid_api_key");

    public static RequestError UnreadableBody { get; } = new("The request body is not framed as HTTP asks for, or ended early.", Param: null, "invalid_body");

    /// <summary>For the log alone: nobody is there to read it.</summary>
    public static RequestError ClientLeft { get; } = new("The client left before its request was whole.", Param: null, "client_closed_request");

    public static RequestError TooLarge(int limit) => new($"The request body is longer than the limit of {limit} bytes.", Param: null, "request_too_large");

    public static RequestError Encoded { get; } = new("The request body is encoded (Content-Encoding). Send it as plain JSON.", Param: null, "unsupported_content_encoding");

    public static RequestError Internal { get; } = new("The gateway failed on this request. Its log says more, under the id in x-request-id.", Param: null, "internal_error");

    public static RequestError NoProvider(string model) => new($"No configured provider serves the model '{model}'.", "model", "model_not_found");

    public static RequestError NoneOfTheNamed(string model) => new($"None of the providers in provider.order serves the model '{model}', and allow_fallbacks is false.", "provider.order", "provider_not_found");

    public static RequestError NoKey(string model) => new($"The provider of the model '{model}' has no API key: the environment variable that its configuration names is not set, and the request brought none.", Param: null, "provider_not_configured");

    public static RequestError Disguised(string path) => new($"This path is another spelling of {path}. Send it as it is: it is metered.", Param: null, "ambiguous_path");

    public static RequestError NoDefault { get; } = new("No provider is configured for this path: set DefaultProvider, or name one in the header x-promptcache-provider.", Param: null, "provider_not_found");

    public static RequestError NoKeyFor(ProviderModel provider) => new($"The provider '{provider.Name}' has no API key: the environment variable that its configuration names is not set, and the request brought none.", Param: null, "provider_not_configured");

    /// <summary>What the client is told when the upstream could not be reached or broke off before anything was sent.</summary>
    public static (int Status, RequestError Error) Upstream(ForwarderError error, Exception? exception, ProviderModel provider)
    {
        if (error == ForwarderError.RequestBodyClient)
        {
            return (StatusCodes.Status400BadRequest, UnreadableBody);
        }

        // The decoders' words for bytes that are not what they should be; Brotli's own is the second.
        if (Has<InvalidDataException>(exception) || Has<InvalidOperationException>(exception))
        {
            return (StatusCodes.Status502BadGateway, new RequestError($"The provider '{provider.Name}' sent a reply that cannot be read: it is not encoded as it says, or too long.", Param: null, "upstream_reply_unreadable"));
        }

        // The forwarder's own timeout comes as a cancellation, under more than one name.
        return error is ForwarderError.RequestTimedOut or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled || Has<TimeoutException>(exception) || Has<OperationCanceledException>(exception)
            ? (StatusCodes.Status504GatewayTimeout, new RequestError($"The provider '{provider.Name}' did not answer in time.", Param: null, "upstream_timeout"))
            : (StatusCodes.Status502BadGateway, new RequestError($"The provider '{provider.Name}' could not be reached, or broke off its answer.", Param: null, "upstream_unreachable"));
    }

    private static bool Has<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T))
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}
