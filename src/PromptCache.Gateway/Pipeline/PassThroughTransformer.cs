using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Tenancy;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Sets address and key, and nothing else.</summary>
internal sealed class PassThroughTransformer(ProviderModel provider, DestinationModel destination, Tenant tenant) : HttpTransformer
{
    private static readonly PathString Version = "/v1";

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        // An OpenAI-shaped base URL ends with its version; the others' paths bring it along.
        var path = httpContext.Request.Path;
        if (provider.Protocol.Name == "openai" && path.StartsWithSegments(Version, StringComparison.Ordinal, out var rest))
        {
            path = rest;
        }

        proxyRequest.RequestUri = UpstreamHeaders.Join(destination.BaseUrl, path.ToUriComponent(), httpContext.Request.QueryString);
        UpstreamHeaders.RemoveHopByHop(proxyRequest, httpContext.Request.Headers.Connection);
        UpstreamHeaders.Apply(proxyRequest, provider, tenant);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copy = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is not null)
        {
            ResponseHeaders.RemoveUpstreams(httpContext, proxyResponse);
        }

        ResponseHeaders.RequestId(httpContext);
        httpContext.Response.Headers[HeaderNames.Status] = "bypass";
        httpContext.Response.Headers[HeaderNames.Provider] = provider.Name;
        return copy;
    }
}
