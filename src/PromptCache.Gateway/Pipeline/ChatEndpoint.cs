using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.ResponseBody;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;
using PromptCache.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Serves <c>POST /v1/chat/completions</c>, and its like in the protocol that the <see cref="IInboundProtocol"/> feature names.</summary>
/// <remarks>
///   (1) Whose request it is
///   (2) Read the body once, understand it, choose the providers; what is wrong with it is a 400 that names the field
///   (3) Forward to the first provider, and meanwhile find the longest known prefix
///   (4) On a failure that the client has not seen, the next provider
///   (5) Tell what happened
/// </remarks>
internal sealed class ChatEndpoint(
    GatewayModelSource configuration,
    PrefixEngineSource engines,
    DestinationSelector destinations,
    TargetOrder order,
    ConversationMemory conversations,
    UpstreamClients clients,
    ExplicitCaches caches,
    IHttpForwarder forwarder,
    RequestTelemetry telemetry,
    TimeProvider time,
    ILogger<ChatEndpoint> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        ClientLifetime.Watch(context);
        try
        {
            await InvokeAsync(context, started);
        }
        catch (Exception exception) when (!ClientLifetime.HasLeft(context))
        {
            logger.RequestFailed(RequestIds.Of(context), exception);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, Refusals.Internal, started);
        }
    }

    private async Task InvokeAsync(HttpContext context, long started)
    {
        var model = configuration.Current;
        using var lease = engines.Lease();
        var engine = lease.Engine;
        if (TenantResolver.Resolve(context.Request, model, engine.Secret) is not { } tenant)                            // (1)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, Refusals.UnknownKey, started);
            return;
        }

        var (exchange, status, error) = await UnderstandAsync(context, model, engine, tenant);                          // (2)
        if (exchange is null)
        {
            await RefuseAsync(context, status, error!, started);
            return;
        }

        try
        {
            await ServeAsync(context, exchange, started);
        }
        finally
        {
            await exchange.FinishedAsync();
            exchange.Dispose();
        }
    }

    private async Task RefuseAsync(HttpContext context, int status, RequestError error, long started)
    {
        try
        {
            if (status != RequestTelemetry.ClientClosedRequest)
            {
                await OpenAIError.WriteAsync(context, status, error);
            }
        }
        finally
        {
            telemetry.Refused(context, status, error, started);
        }
    }

    private static async ValueTask<(ChatExchange? Exchange, int Status, RequestError? Error)> UnderstandAsync(HttpContext context, GatewayModel model, PrefixEngine engine, Tenant tenant)
    {
        var (body, unread, refusal) = await RequestBody.ReceiveAsync(context, model.Limits.MaxBodyBytes);
        if (body is null)
        {
            return (null, unread, refusal);
        }

        SegmentList? segments = null;
        try
        {
            if (context.Features.Get<IInboundProtocol>() is { } protocol)
            {
                var understood = InboundReception.Understand(context, protocol, body, model, engine, tenant);
                body = understood.Exchange is null ? body : null;
                return understood;
            }

            if (!PromptRequestReader.TryRead(body.Memory, out var request, out var error))
            {
                return (null, StatusCodes.Status400BadRequest, error);
            }

            var targets = TargetPlan.Make(model, tenant, request, out var status, out error);
            if (targets.IsEmpty)
            {
                return (null, status, error);
            }

            if (!Segmenter.TryCut(request, out segments, out error) || (error = CachePlanner.Validate(targets[0].Provider.CachePolicy, targets[0].Model, segments)) is not null)
            {
                return (null, StatusCodes.Status400BadRequest, error);
            }

            var exchange = new ChatExchange(model, engine, tenant, body, request, segments) { Targets = targets };
            (body, segments) = (null, null);
            return (exchange, StatusCodes.Status200OK, null);
        }
        finally
        {
            segments?.Dispose();
            body?.Dispose();
        }
    }

    private async Task ServeAsync(HttpContext context, ChatExchange exchange, long started)
    {
        var clientBody = context.Response.Body;
        exchange.Targets = order.Of(exchange);
        for (var i = 0; i < exchange.Targets.Length; i++)
        {
            var target = exchange.Targets[i];
            using var response = new ResponseStream(clientBody, time);
            using var attempt = new ChatAttempt(exchange, target, response, isLast: i == exchange.Targets.Length - 1, logger);
            attempt.Settler = new UsageSettler(attempt, exchange.Model.Prices, conversations, time, logger);
            var error = ForwarderError.None;
            try
            {
                context.Response.Body = response;
                error = await ForwardAsync(context, attempt);                                                           // (3)
                error = attempt.IsWhole ? ForwarderError.None : error;
                if (error == ForwarderError.None && !attempt.TryNext)
                {
                    await response.CompleteAsync(context.RequestAborted);
                }
            }
            catch (OperationCanceledException) when (ClientLifetime.HasLeft(context))
            {
                error = ForwarderError.ResponseBodyClient;
            }
            finally
            {
                context.Response.Body = clientBody;
                exchange.Outlast(attempt.FinishedAsync());
            }

            if (!ClientLifetime.HasLeft(context) && (attempt.TryNext || (error != ForwarderError.None && !attempt.IsLast && !context.Response.HasStarted)))
            {
                telemetry.TryingNext(context, attempt, error);
                attempt.IsSuperseded = true;
                context.Response.Clear();
                continue;                                                                                               // (4)
            }

            if (error != ForwarderError.None)
            {
                // What the upstream generated is paid for, whoever broke off.
                await response.AbandonAsync();
                if (attempt.Settler.Result is null && (attempt.UpstreamStatus is >= 200 and < 300 || (attempt.UpstreamStatus == 0 && ClientLifetime.HasLeft(context))))
                {
                    await attempt.Settler.SettleAsync(reported: null, completion: default, CancellationToken.None);
                }
            }

            if (attempt.Refusal is { } cannot)
            {
                attempt.IsSuperseded = true;
                await OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, cannot);
            }
            else if (error != ForwarderError.None && !context.Response.HasStarted && !ClientLifetime.HasLeft(context))
            {
                attempt.IsSuperseded = true;
                var (status, refusal) = Refusals.Upstream(error, context.GetForwarderErrorFeature()?.Exception, target.Provider);
                await OpenAIError.WriteAsync(context, status, refusal);
            }

            await exchange.FinishedAsync();
            telemetry.Completed(context, attempt, error, started);                                                      // (5)
            return;
        }
    }

    private async Task<ForwarderError> ForwardAsync(HttpContext context, ChatAttempt attempt)
    {
        var target = attempt.Target;
        if ((target.Provider.Breakpoints != BreakpointMode.Off && !attempt.PassesThrough) || target.Provider.Destinations.Length > 1 || ExplicitCaches.MayApply(attempt))
        {
            // What is marked, and which replica is warm, depends on what is known: only here the request waits for the store, at most for its timeout.
            await attempt.AnalyseAsync();
        }

        attempt.Destination = destinations.Select(target.Provider, attempt.Holders, attempt.MatchedShare, attempt.Exchange.Tried);
        attempt.Exchange.Tried.Add(attempt.Destination.Id);
        attempt.Cache = ExplicitCaches.MayApply(attempt) ? await caches.FindAsync(attempt) : null;
        var error = await SendAsync(context, attempt);
        if (attempt.SendWhole)
        {
            attempt.SendWhole = false;
            context.Response.Clear();
            error = await SendAsync(context, attempt);
        }

        return error;
    }

    private async Task<ForwarderError> SendAsync(HttpContext context, ChatAttempt attempt)
    {
        var target = attempt.Target;
        using var upstream = UpstreamRequest.Build(attempt, context.Request.Headers);
        if (upstream.Error is not null)
        {
            attempt.Refusal = upstream.Error;
            return ForwarderError.RequestCreation;
        }

        await using var body = new BodyStream(upstream.Body);
        context.Request.Body = body;
        context.Request.ContentLength = upstream.Body.Length;

        // How the client sent its body; it is whole now.
        context.Request.Headers.TransferEncoding = default;
        attempt.Translation = new ResponseTranslation(attempt.Exchange.Request.Model, RequestIds.Of(context), time.GetUtcNow().ToUnixTimeSeconds());
        attempt.Translator = attempt.PassesThrough ? null : target.Provider.Protocol.CreateResponse(attempt.Translation);

        attempt.Replica = destinations.StateOf(attempt.Destination);
        attempt.Replica.Begin(time);
        var failed = true;
        try
        {
            // The request is on its way before the prefix is looked at: counting and the store's answer delay no byte, nor the next provider.
            attempt.Depart();
            var forwarding = forwarder.SendAsync(context, attempt.Destination.BaseUrl.AbsoluteUri, clients.Invoker, new ForwarderRequestConfig { ActivityTimeout = target.Provider.Timeout }, new ChatTransformer(attempt), context.RequestAborted);
            _ = attempt.AnalyseAsync();
            var error = await forwarding;
            failed = (!attempt.IsWhole && error is not ForwarderError.None and not ForwarderError.ResponseBodyClient) || attempt.UpstreamStatus >= 500;
            return error;
        }
        finally
        {
            attempt.Replica.End(ClientLifetime.HasLeft(context) ? null : failed, time);
        }
    }
}
