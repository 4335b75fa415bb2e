using System.Net;
using PromptCache.Core.Responses;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.ResponseBody;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Fits one attempt's request to its provider, and chooses by the response's headers what becomes of its body.</summary>
internal sealed class ChatTransformer(ChatAttempt attempt) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = attempt.Target;
        var request = attempt.Exchange.Request;
        proxyRequest.RequestUri = UpstreamHeaders.Join(attempt.Destination.BaseUrl, target.Provider.Protocol.PathFor(target.Model, request.Stream), attempt.PassesThrough || (attempt.Translator is null && attempt.Exchange.Inbound is null) ? httpContext.Request.QueryString : QueryString.Empty);
        UpstreamHeaders.RemoveHopByHop(proxyRequest, httpContext.Request.Headers.Connection);
        foreach (var (name, _) in attempt.Translator is null ? [] : target.Provider.Protocol.Headers)
        {
            // A translation is written for one version of the protocol, whatever the client names.
            proxyRequest.Headers.Remove(name);
        }

        UpstreamHeaders.Apply(proxyRequest, target.Provider, attempt.Exchange.Tenant);
        InboundHeaders.Fit(proxyRequest, attempt, httpContext.Request);
        if (target.Provider is { Affinity: true, Traits: { AffinityHeader: { } affinity } traits } && !AffinityHints.AreGiven(traits, request, httpContext.Request.Headers))
        {
            proxyRequest.Headers.TryAddWithoutValidation(affinity, attempt.Exchange.Conversation);
        }

        // The whole body is at hand: nobody need wait for a permission to send it.
        proxyRequest.Headers.ExpectContinue = null;
        proxyRequest.Headers.Remove("Trailer");

        // The response is read and changed: the shortest way is to ask for one that is not compressed.
        proxyRequest.Headers.AcceptEncoding.Clear();
        proxyRequest.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return true;
        }

        attempt.UpstreamStatus = (int)proxyResponse.StatusCode;
        if (attempt.UpstreamStatus < 500)
        {
            attempt.Replica?.Answered();
        }

        var coded = proxyResponse.Content;
        var isReadable = await ContentCodings.DecodeAsync(proxyResponse, cancellationToken);
        if (attempt.Cache is { } cache && cache.MayBeGone(attempt.UpstreamStatus))
        {
            await cache.RefusedAsync(await ReadAsync(proxyResponse, cancellationToken));
            attempt.SendWhole = true;
            return false;
        }

        if (!attempt.IsLast && (proxyResponse.StatusCode == HttpStatusCode.TooManyRequests || attempt.UpstreamStatus >= 500))
        {
            attempt.TryNext = true;
            return false;
        }

        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        ResponseHeaders.RemoveUpstreams(httpContext, proxyResponse);
        if (proxyResponse.IsSuccessStatusCode)
        {
            attempt.Record();
        }

        ResponseHeaders.Write(httpContext, attempt);
        Choose(httpContext.Response, proxyResponse, isReadable, isDecoded: !ReferenceEquals(coded, proxyResponse.Content));
        return true;
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        // They come last: whatever became of the request's body, the response has been copied.
        attempt.IsWhole = true;
        return base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage refusal, CancellationToken cancellationToken)
    {
        try
        {
            return await ExplicitCacheCall.ReadAsync(refusal, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private void Choose(HttpResponse response, HttpResponseMessage upstream, bool isReadable, bool isDecoded)
    {
        var stream = attempt.Response;
        attempt.UpstreamHeaders = upstream.Headers;
        if (!isReadable)
        {
            PassUnread(upstream);
            return;
        }

        if (InboundResponses.Take(attempt, response, upstream))
        {
            return;
        }

        if (!upstream.IsSuccessStatusCode)
        {
            if (attempt.Translator is { } errors)
            {
                response.ContentLength = null;
                stream.Use(new TranslatedErrorBody(response, stream.Client, errors, attempt.UpstreamStatus));
            }

            return;
        }

        if (upstream.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent || attempt.Settler is not { } settler)
        {
            return;
        }

        var request = attempt.Exchange.Request;
        var (client, translator) = (stream.Client, attempt.Translator);
        var options = new RewriteOptions(
            ShowUsage: request.IncludeUsage || request.UsageInclude,
            UsageCost: request.UsageInclude,
            attempt.Target.Provider.Dialect,
            attempt.Exchange.Model.Limits.MaxResponseBytes,
            ReplaceCacheFields: attempt.Target.Provider.Usage == UsageMode.Store);
        stream.Use(new SniffedBody(
            response,
            InboundResponses.IsEventStream(upstream),
            settler,
            json: () => new JsonBody(response, client, options, settler, translator, mustHold: translator is not null || isDecoded),
            events: () => translator is null ? new EventStreamBody(client, new(options, settler)) : new TranslatedEventBody(client, translator, new(options, new TranslatedSettler(settler, translator))),
            other: () => new UnreadBody(client, settler)));
    }

    /// <summary>A reply in a coding that was not asked for and is not known.</summary>
    private void PassUnread(HttpResponseMessage upstream)
    {
        if (attempt.Translator is not null || attempt.Exchange.Inbound is { } && !attempt.PassesThrough)
        {
            throw new InvalidDataException("A reply that has to be translated came in an unknown content coding.");
        }

        if (upstream.IsSuccessStatusCode && attempt.Settler is { } settler)
        {
            attempt.Response.Use(new UnreadBody(attempt.Response.Client, settler));
        }
    }
}
