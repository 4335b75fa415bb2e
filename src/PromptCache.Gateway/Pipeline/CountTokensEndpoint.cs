using System.Globalization;
using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;
using PromptCache.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Serves <c>POST /v1/messages/count_tokens</c>: a provider that speaks the protocol is asked, for any other the gateway counts itself.</summary>
internal sealed class CountTokensEndpoint(
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
        using var lease = engines.Lease();
        var engine = lease.Engine;
        if (TenantResolver.Resolve(context.Request, model, engine.Secret) is not { } tenant)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, Refusals.UnknownKey, started);
            return;
        }

        var (received, unread, refusal) = await RequestBody.ReceiveAsync(context, model.Limits.MaxBodyBytes);
        if (received is null)
        {
            await RefuseAsync(context, unread, refusal!, started);
            return;
        }

        using var body = received;
        if (!RequestShell.TryRead(body.Memory, out var shell, out var error))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error, started);
            return;
        }

        var targets = TargetPlan.Make(model, tenant, shell, out var status, out error);
        if (targets.IsEmpty)
        {
            await RefuseAsync(context, status, error!, started);
            return;
        }

        var protocol = context.Features.Get<IInboundProtocol>() ?? throw new InvalidOperationException("The path names no protocol.");
        if (targets[0].Provider.Protocol.Name == protocol.Name)
        {
            await AskAsync(context, shell, targets[0], tenant, started);
        }
        else
        {
            var (count, untranslatable) = await CountAsync(protocol, body, engine, tenant, targets[0]);
            if (untranslatable is not null)
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, untranslatable, started);
                return;
            }

            await AnswerAsync(context, targets[0].Provider, count);
            telemetry.Passed(context, tenant, targets[0].Provider.Name, ForwarderError.None, started);
        }
    }

    private static async ValueTask<(long Count, RequestError? Error)> CountAsync(IInboundProtocol protocol, PooledBytes body, PrefixEngine engine, Tenant tenant, RouteTarget target)
    {
        using var chat = new PooledBytes(body.Length + 256);
        SegmentList? segments = null;
        try
        {
            var error = InboundReception.Translate(protocol, body.Span, chat, out _, out segments);
            return error is null ? ((await engine.ChainAsync(tenant, target, segments!)).TotalTokens, null) : (0, error);
        }
        finally
        {
            segments?.Dispose();
        }
    }

    private static async Task AnswerAsync(HttpContext context, ProviderModel provider, long count)
    {
        var json = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"input_tokens":{{count}}}"""));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers[HeaderNames.RequestId] = RequestIds.Of(context);
        context.Response.Headers[HeaderNames.Provider] = provider.Name;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private async Task AskAsync(HttpContext context, PromptRequest shell, RouteTarget target, Tenant tenant, long started)
    {
        using var upstream = UpstreamRequest.Named(shell, target.Model);
        await using var body = new BodyStream(upstream.Body);
        context.Request.Body = body;
        context.Request.ContentLength = upstream.Body.Length;
        context.Request.Headers.TransferEncoding = default;
        var destination = destinations.Select(target.Provider, holders: [], matchedShare: 0, tried: []);
        var error = await forwarder.SendAsync(
            context, destination.BaseUrl.AbsoluteUri, clients.Invoker, new ForwarderRequestConfig { ActivityTimeout = target.Provider.Timeout }, new PassThroughTransformer(target.Provider, destination, tenant), context.RequestAborted);
        if (error != ForwarderError.None && !context.Response.HasStarted && !ClientLifetime.HasLeft(context))
        {
            var (status, refusal) = Refusals.Upstream(error, context.GetForwarderErrorFeature()?.Exception, target.Provider);
            await OpenAIError.WriteAsync(context, status, refusal);
        }

        telemetry.Passed(context, tenant, target.Provider.Name, error, started);
    }

    private async Task RefuseAsync(HttpContext context, int status, RequestError error, long started)
    {
        if (status != RequestTelemetry.ClientClosedRequest)
        {
            await OpenAIError.WriteAsync(context, status, error);
        }

        telemetry.Refused(context, status, error, started);
    }
}
