using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Tenancy;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Understands a request in another protocol: as a chat completion, for counting its prefix and for providers that do not speak it.</summary>
internal static class InboundReception
{
    /// <summary>Reads what the client sent. The exchange owns <paramref name="raw"/>; without one the caller still does.</summary>
    public static (ChatExchange? Exchange, int Status, RequestError? Error) Understand(HttpContext context, IInboundProtocol protocol, PooledBytes raw, GatewayModel model, PrefixEngine engine, Tenant tenant)
    {
        if (!RequestShell.TryRead(raw.Memory, out var shell, out var error))
        {
            return (null, StatusCodes.Status400BadRequest, error);
        }

        var targets = TargetPlan.Make(model, tenant, shell, out var status, out error);
        if (targets.IsEmpty)
        {
            return (null, status, error);
        }

        var chat = new PooledBytes(raw.Length + 256);
        SegmentList? segments = null;
        try
        {
            error = Translate(protocol, raw.Span, chat, out var request, out segments) ?? CachePlanner.Validate(targets[0].Provider.CachePolicy, targets[0].Model, segments!);
            var inbound = new InboundRequest(protocol, raw, shell) { IsOpaque = error is not null, CostDetails = context.Request.Headers[HeaderNames.CostDetails] == "1" };
            if (inbound.IsOpaque)
            {
                // Whoever speaks the protocol judges it himself.
                targets = targets.RemoveAll(t => !inbound.IsSpokenBy(t));
                segments?.Dispose();
                (request, segments) = (shell, new SegmentList(new PooledBytes(), [], [], default));
            }
            else if (targets.Any(t => !inbound.IsSpokenBy(t)) && (error = protocol.FindUntranslatable(raw.Span)) is not null)
            {
                targets = targets.RemoveAll(t => !inbound.IsSpokenBy(t));
            }

            if (targets.IsEmpty)
            {
                return (null, StatusCodes.Status400BadRequest, error);
            }

            var exchange = new ChatExchange(model, engine, tenant, chat, request!, segments!) { Targets = targets, Inbound = inbound };
            (chat, segments) = (null, null);
            return (exchange, StatusCodes.Status200OK, null);
        }
        finally
        {
            segments?.Dispose();
            chat?.Dispose();
        }
    }

    /// <summary>Says the request as a chat completion and cuts its prefix.</summary>
    /// <returns>Null on success, else why it cannot be done. The segments are the caller's to dispose, and point into neither body.</returns>
    public static RequestError? Translate(IInboundProtocol protocol, ReadOnlySpan<byte> raw, PooledBytes chat, out PromptRequest? request, out SegmentList? segments)
    {
        (request, segments) = (null, null);
        return protocol.ToChat(raw, chat) is { } refusal || !PromptRequestReader.TryRead(chat.Memory, out request, out refusal) || !Segmenter.TryCut(request, out segments, out refusal)
            ? refusal
            : null;
    }
}
