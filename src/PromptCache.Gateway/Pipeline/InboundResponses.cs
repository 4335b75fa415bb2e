using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.ResponseBody;

namespace PromptCache.Gateway.Pipeline;

/// <summary>What becomes of a response whose client speaks another protocol than chat completions.</summary>
internal static class InboundResponses
{
    /// <summary>Takes the response over where the upstream speaks the client's protocol; otherwise puts the translation behind what is made of a chat completion.</summary>
    /// <returns>Whether nothing is left to choose.</returns>
    public static bool Take(ChatAttempt attempt, HttpResponse response, HttpResponseMessage upstream)
    {
        if (attempt.Exchange.Inbound is not { } inbound)
        {
            return false;
        }

        InboundHeaders.Tell(response.HttpContext);
        var isStream = IsEventStream(upstream);
        if (attempt.PassesThrough)
        {
            if (upstream.IsSuccessStatusCode)
            {
                attempt.Response.Use(Meter(attempt, inbound, response, isStream));
            }

            return true;
        }

        response.ContentLength = null;
        attempt.Response.Through(Translate(attempt, inbound, response, isStream && upstream.IsSuccessStatusCode));
        return false;
    }

    /// <summary>Whether the upstream says that it streams.</summary>
    public static bool IsEventStream(HttpResponseMessage upstream)
        => string.Equals(upstream.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static IResponseBody Meter(ChatAttempt attempt, InboundRequest inbound, HttpResponse response, bool isStream)
    {
        var (client, limit) = (attempt.Response.Client, attempt.Exchange.Model.Limits.MaxResponseBytes);
        var meter = inbound.Protocol.CreateMeter();
        var fromStore = attempt.Target.Provider.Usage == UsageMode.Store;
        if (!isStream)
        {
            return new MeteredBody(response, client, meter, attempt.Settler!, limit, fromStore, inbound.CostDetails);
        }

        CostHeaders.DeclareTrailers(response);
        if (inbound.CostDetails || fromStore)
        {
            response.ContentLength = null;
        }

        return new MeteredEventBody(response, client, meter, attempt.Settler!, limit, fromStore, inbound.CostDetails);
    }

    private static ClientStage Translate(ChatAttempt attempt, InboundRequest inbound, HttpResponse response, bool isStream)
    {
        var client = attempt.Response.Client;
        var translator = inbound.Protocol.CreateResponse(attempt.Translation);
        if (!isStream)
        {
            return new InboundJsonStage(response, client, inbound.Protocol, translator, attempt.Exchange.Model.Limits.MaxResponseBytes, () => attempt.Settler?.Result);
        }

        CostHeaders.DeclareTrailers(response);
        return new InboundEventStage(response, client, translator, () => attempt.Settler?.Result);
    }
}
