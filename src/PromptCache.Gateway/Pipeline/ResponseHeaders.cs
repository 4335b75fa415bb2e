using System.Globalization;
using PromptCache.Core.Policies;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The headers of the response contract.</summary>
internal static class ResponseHeaders
{
    public static void Write(HttpContext context, ChatAttempt attempt)
    {
        var headers = context.Response.Headers;
        RequestId(context);
        headers[HeaderNames.Provider] = attempt.Target.Provider.Name;
        var analysis = attempt.Analysis.IsCompletedSuccessfully ? attempt.Analysis.Result : null;
        headers[HeaderNames.Status] = analysis is null ? "unknown" : CacheStatus.Of(analysis.Decision);
        if (analysis is not null && context.Request.Headers[HeaderNames.Debug] == "1")
        {
            headers[HeaderNames.Predicted] = analysis.Decision.Settle(null).Read.ToString(CultureInfo.InvariantCulture);
            headers[HeaderNames.Reason] = analysis.Decision.Reason;
        }
    }

    /// <summary>The client's id where it sent one, else the upstream's, else ours.</summary>
    public static void RequestId(HttpContext context)
    {
        var headers = context.Response.Headers;
        var upstream = headers[HeaderNames.RequestId];
        if (RequestIds.IsClients(context))
        {
            if (upstream.Count > 0)
            {
                headers[HeaderNames.UpstreamRequestId] = upstream;
            }

            headers[HeaderNames.RequestId] = RequestIds.Of(context);
        }
        else if (upstream.Count == 0)
        {
            headers[HeaderNames.RequestId] = RequestIds.Of(context);
        }
    }
}
