using PromptCache.Core.Requests;
using PromptCache.Gateway.ResponseBody;
using PromptCache.Gateway.Telemetry;
using PromptCache.Gateway.Tenancy;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Tells what happened: one log event per request, and its metrics.</summary>
internal sealed class RequestTelemetry(RequestPublisher publisher, TimeProvider time, ILogger<RequestTelemetry> logger)
{
    /// <summary>A client that left before its answer was whole; the status that nginx made common.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>An attempt that failed before the client saw anything of it; the next one follows.</summary>
    public void TryingNext(HttpContext context, ChatAttempt attempt, ForwarderError error)
    {
        attempt.Exchange.FailedAttempts++;
        publisher.Superseded(attempt.Target.Provider.Name, attempt.UpstreamStatus);
        logger.TryingNext(RequestIds.Tell(context), attempt.Target.Provider.Name, attempt.Destination.BaseUrl.Authority, attempt.UpstreamStatus, error);
    }

    /// <summary>A chat request that was forwarded.</summary>
    public void Completed(HttpContext context, ChatAttempt attempt, ForwarderError error, long started)
    {
        var analysis = attempt.Analysis.IsCompletedSuccessfully ? attempt.Analysis.Result : null;
        var settled = attempt.Settler?.Result;
        publisher.Publish(new RequestRecord
        {
            RequestId = RequestIds.Of(context),
            Path = context.Request.Path,
            Status = ClientLifetime.HasLeft(context) ? ClientClosedRequest : context.Response.StatusCode,
            Duration = time.GetElapsedTime(started),
            Tenant = attempt.Exchange.Tenant.Id,
            Provider = attempt.Target.Provider.Name,
            ProviderKind = attempt.Target.Provider.Traits.Name,
            Model = attempt.Exchange.Request.Model,
            UpstreamModel = attempt.Target.Model,
            Stream = attempt.Exchange.Request.Stream,
            Attempts = attempt.Exchange.FailedAttempts + 1,
            StoreStatus = attempt.StoreStatus,
            Reason = attempt.Settler is { Reason: { Length: > 0 } reason } ? reason : analysis?.Decision.Reason ?? "",
            FirstByte = attempt.Response.FirstByte is var first and not 0 ? time.GetElapsedTime(started, first) : null,
            Usage = settled?.Usage,
            Cost = settled?.Cost,
            PredictedRead = attempt.Settler?.PredictedRead,
            ReportedRead = attempt.Settler?.ReportedRead,
            Error = error != ForwarderError.None ? error.ToString() : attempt.Response.Fault is var fault and not ResponseFault.None ? fault.ToString() : "",
        });
    }

    /// <summary>A request that the gateway itself refused.</summary>
    public void Refused(HttpContext context, int status, RequestError error, long started)
        => publisher.Publish(new RequestRecord
        {
            RequestId = RequestIds.Of(context),
            Path = context.Request.Path,
            Status = status,
            Duration = time.GetElapsedTime(started),
            Error = error.Code,
        });

    /// <summary>A request of another endpoint, passed through.</summary>
    public void Passed(HttpContext context, Tenant tenant, string provider, ForwarderError error, long started)
        => publisher.Publish(new RequestRecord
        {
            RequestId = RequestIds.Of(context),
            Path = context.Request.Path,
            Status = ClientLifetime.HasLeft(context) ? ClientClosedRequest : context.Response.StatusCode,
            Duration = time.GetElapsedTime(started),
            Tenant = tenant.Id,
            Provider = provider,
            Attempts = provider.Length > 0 ? 1 : 0,
            Error = error == ForwarderError.None ? "" : error.ToString(),
        });
}
