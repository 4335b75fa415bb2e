using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Tenancy;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Understands a request before anything is forwarded: reads its body once, parses it over its bytes, chooses the providers and cuts the prefix.</summary>
internal static class ChatReception
{
    /// <summary>Reads what the client sends.</summary>
    /// <returns>The exchange, which the caller disposes; or the status and the error that the client gets.</returns>
    public static async ValueTask<(ChatExchange? Exchange, int Status, RequestError? Error)> UnderstandAsync(HttpContext context, GatewayModel model, PrefixEngine engine, Tenant tenant)
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
}
