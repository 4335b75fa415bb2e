using Microsoft.AspNetCore.Http.Features;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Tells a client that left from a response that the gateway itself had to cut off: both end in the same cancellation.</summary>
internal sealed class ClientLifetime(IHttpRequestLifetimeFeature connection, IHttpResetFeature? reset) : IHttpRequestLifetimeFeature, IHttpResetFeature
{
    private bool _isCutByUs;

    public CancellationToken RequestAborted { get => connection.RequestAborted; set => connection.RequestAborted = value; }

    private bool HasClientLeft => !_isCutByUs && connection.RequestAborted.IsCancellationRequested;

    /// <summary>From here on <see cref="HasLeft"/> has an answer.</summary>
    public static void Watch(HttpContext context)
    {
        var reset = context.Features.Get<IHttpResetFeature>();
        var watched = new ClientLifetime(context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(), reset);
        context.Features.Set<IHttpRequestLifetimeFeature>(watched);
        if (reset is not null)
        {
            context.Features.Set<IHttpResetFeature>(watched);
        }
    }

    /// <summary>Whether the client left before its answer was whole.</summary>
    public static bool HasLeft(HttpContext context)
        => context.Features.Get<IHttpRequestLifetimeFeature>() is ClientLifetime watched ? watched.HasClientLeft : context.RequestAborted.IsCancellationRequested;

    public void Abort()
    {
        _isCutByUs |= !RequestAborted.IsCancellationRequested;
        connection.Abort();
    }

    public void Reset(int errorCode)
    {
        _isCutByUs |= !RequestAborted.IsCancellationRequested;
        reset?.Reset(errorCode);
    }
}
