using PromptCache.Core.Policies;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Routing;
using PromptCache.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Sends one attempt to its target; the forwarder copies the response through the attempt's stream.</summary>
internal sealed class ChatSender(DestinationSelector destinations, ExplicitCaches caches, UpstreamClients clients, IHttpForwarder forwarder, TimeProvider time)
{
    /// <summary>Chooses the replica, then sends; where the provider's named cache turns out to be gone, once more without it.</summary>
    /// <returns>What kept the response from its end.</returns>
    public async Task<ForwarderError> SendAsync(HttpContext context, ChatAttempt attempt)
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
        var error = await SendOnceAsync(context, attempt);
        if (attempt.SendWhole)
        {
            attempt.SendWhole = false;
            context.Response.Clear();
            error = await SendOnceAsync(context, attempt);
        }

        return error;
    }

    private async Task<ForwarderError> SendOnceAsync(HttpContext context, ChatAttempt attempt)
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
