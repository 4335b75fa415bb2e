using System.Globalization;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The headers of the response contract.</summary>
internal static class ResponseHeaders
{
    public static void Write(HttpContext context, ChatAttempt attempt)
    {
        RequestId(context);
        context.Response.Headers[HeaderNames.Provider] = attempt.Target.Provider.Name;
        Prediction(context, attempt);
        if (!attempt.Exchange.Request.Stream)
        {
            // The headers of a body that is held until it is settled leave with it, and by then more is known.
            context.Response.OnStarting(() =>
            {
                if (!attempt.IsSuperseded)
                {
                    Prediction(context, attempt);
                }

                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Takes out what an upstream says to the gateway alone: the headers that its <c>Connection</c> names (RFC 9110, 7.6.1), and cookies, because many clients share its session.</summary>
    public static void RemoveUpstreams(HttpContext context, HttpResponseMessage upstream)
    {
        var headers = context.Response.Headers;
        headers.Remove("Set-Cookie");
        if (upstream.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols)
        {
            return;
        }

        foreach (var name in upstream.Headers.Connection.Where(n => !n.StartsWith("content-", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Remove(name);
        }
    }

    private static void Prediction(HttpContext context, ChatAttempt attempt)
    {
        var headers = context.Response.Headers;
        var analysis = attempt.Analysis.IsCompletedSuccessfully ? attempt.Analysis.Result : null;
        headers[HeaderNames.Status] = attempt.StoreStatus;
        if (analysis is null || context.Request.Headers[HeaderNames.Debug] != "1")
        {
            return;
        }

        var settler = attempt.Settler;
        headers[HeaderNames.Predicted] = (settler?.PredictedRead ?? analysis.Decision.Settle(null).Read).ToString(CultureInfo.InvariantCulture);
        headers[HeaderNames.Reason] = settler is { Reason.Length: > 0 } ? settler.Reason : analysis.Decision.Reason;
        if (settler is { PredictedRead: { } predicted, ReportedRead: { } reported })
        {
            headers[HeaderNames.Difference] = (reported - predicted).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The client's id where it sent one, else the upstream's, else ours. After a fallback it is the one under which the log tells of it.</summary>
    public static void RequestId(HttpContext context)
    {
        var headers = context.Response.Headers;
        var upstream = headers[HeaderNames.RequestId];
        if (RequestIds.IsFixed(context))
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
        else
        {
            RequestIds.Adopt(context, upstream.ToString());
        }
    }
}
