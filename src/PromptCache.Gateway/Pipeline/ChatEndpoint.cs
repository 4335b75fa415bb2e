using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
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
    TargetOrder order,
    ConversationMemory conversations,
    ChatSender sender,
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

        var (exchange, status, error) = await ChatReception.UnderstandAsync(context, model, engine, tenant);            // (2)
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

    private async Task ServeAsync(HttpContext context, ChatExchange exchange, long started)
    {
        exchange.Targets = order.Of(exchange);
        for (var i = 0; i < exchange.Targets.Length; i++)
        {
            using var response = new ResponseStream(context.Response.Body, time);
            using var attempt = new ChatAttempt(exchange, exchange.Targets[i], response, isLast: i == exchange.Targets.Length - 1, logger);
            attempt.Settler = new UsageSettler(attempt, exchange.Model.Prices, conversations, time, logger);
            var error = await TryAsync(context, attempt);                                                               // (3)
            if (CallsForNext(context, attempt, error))                                                                  // (4)
            {
                telemetry.TryingNext(context, attempt, error);
                attempt.IsSuperseded = true;
                context.Response.Clear();
                continue;
            }

            await ConcludeAsync(context, attempt, error);
            await exchange.FinishedAsync();
            telemetry.Completed(context, attempt, error, started);                                                      // (5)
            return;
        }
    }

    /// <summary>Sends one attempt and sees its response to the end. The client's own body is back in place afterwards, whatever happened.</summary>
    private async Task<ForwarderError> TryAsync(HttpContext context, ChatAttempt attempt)
    {
        var clientBody = context.Response.Body;
        try
        {
            context.Response.Body = attempt.Response;
            var error = await sender.SendAsync(context, attempt);
            error = attempt.IsWhole ? ForwarderError.None : error;
            if (error == ForwarderError.None && !attempt.TryNext)
            {
                await attempt.Response.CompleteAsync(context.RequestAborted);
            }

            return error;
        }
        catch (OperationCanceledException) when (ClientLifetime.HasLeft(context))
        {
            return ForwarderError.ResponseBodyClient;
        }
        finally
        {
            context.Response.Body = clientBody;
            attempt.Exchange.Outlast(attempt.FinishedAsync());
        }
    }

    /// <summary>Whether the attempt failed in a way that the client has not seen, and may be followed by another.</summary>
    private static bool CallsForNext(HttpContext context, ChatAttempt attempt, ForwarderError error)
        => !ClientLifetime.HasLeft(context) && (attempt.TryNext || (error != ForwarderError.None && !attempt.IsLast && !context.Response.HasStarted));

    /// <summary>Settles what broke off, and tells a client that has seen nothing what went wrong.</summary>
    private static async Task ConcludeAsync(HttpContext context, ChatAttempt attempt, ForwarderError error)
    {
        if (error != ForwarderError.None)
        {
            // What the upstream generated is paid for, whoever broke off.
            await attempt.Response.AbandonAsync();
            if (attempt.Settler is { Result: null } settler && (attempt.UpstreamStatus is >= 200 and < 300 || (attempt.UpstreamStatus == 0 && ClientLifetime.HasLeft(context))))
            {
                await settler.SettleAsync(reported: null, completion: default, CancellationToken.None);
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
            var (status, refusal) = Refusals.Upstream(error, context.GetForwarderErrorFeature()?.Exception, attempt.Target.Provider);
            await OpenAIError.WriteAsync(context, status, refusal);
        }
    }
}
