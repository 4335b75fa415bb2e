using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Forwards every other <c>/v1/*</c> path untouched, streaming both ways. It goes to the provider that <c>x-promptcache-provider</c> names, else to the default one.</summary>
internal sealed class PassThroughEndpoint(
    GatewayModelSource configuration,
    PrefixEngineSource engines,
    DestinationSelector destinations,
    UpstreamClients clients,
    IHttpForwarder forwarder,
    RequestTelemetry telemetry,
    TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        ClientLifetime.Watch(context);
        var model = configuration.Current;
        if (TenantResolver.Resolve(context.Request, model, engines.Current.Secret) is not { } tenant)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, Refusals.UnknownKey, started);
            return;
        }

        if (MeteredPaths.DisguisedIn(context.Request) is { } metered)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, Refusals.Disguised(metered), started);
            return;
        }

        var named = context.Request.Headers[HeaderNames.Provider].ToString();
        var provider = named.Length > 0 ? model.Providers.GetValueOrDefault(named) : model.DefaultProvider;
        if (provider is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, Refusals.NoDefault, started);
            return;
        }

        if (!UpstreamHeaders.HasKey(provider, tenant))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, Refusals.NoKeyFor(provider), started);
            return;
        }

        var destination = destinations.Select(provider, holders: [], matchedShare: 0, tried: []);
        var replica = destinations.StateOf(destination);
        replica.Begin(time);
        bool? failed = true;
        var error = ForwarderError.Request;
        try
        {
            error = await forwarder.SendAsync(
                context, destination.BaseUrl.AbsoluteUri, clients.Invoker, new ForwarderRequestConfig { ActivityTimeout = provider.Timeout }, new PassThroughTransformer(provider, destination, tenant), context.RequestAborted);

            // A broken upload is the client's doing; what it did to the upstream tells nothing.
            failed = ClientLifetime.HasLeft(context) || error == ForwarderError.RequestBodyClient ? null : error != ForwarderError.None || context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
        }
        finally
        {
            replica.End(failed, time);
        }

        if (error != ForwarderError.None && !context.Response.HasStarted && !ClientLifetime.HasLeft(context))
        {
            var (status, refusal) = Refusals.Upstream(error, context.GetForwarderErrorFeature()?.Exception, provider);
            await OpenAIError.WriteAsync(context, status, refusal);
        }

        telemetry.Passed(context, tenant, provider.Name, error, started);
    }

    private async Task RefuseAsync(HttpContext context, int status, Core.Requests.RequestError error, long started)
    {
        await OpenAIError.WriteAsync(context, status, error);
        telemetry.Refused(context, status, error, started);
    }
}
