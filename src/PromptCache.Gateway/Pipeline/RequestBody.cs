using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Reads a request's body once into pooled memory.</summary>
internal static class RequestBody
{
    /// <summary>What a client only announces takes no memory beyond this, in bytes.</summary>
    private const int MaxAnnounced = 1 << 20;

    /// <summary>Reads the body of a request that has to be understood.</summary>
    /// <returns>The body, which the caller disposes; else why there is none, and the status that says so.</returns>
    public static async ValueTask<(PooledBytes? Body, int Status, RequestError? Error)> ReceiveAsync(HttpContext context, int limit)
    {
        if (context.Request.Headers.ContentEncoding.Any(e => !string.IsNullOrEmpty(e) && !e.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            // What cannot be read cannot be counted, and what is decoded is no longer what the client sent.
            return (null, StatusCodes.Status415UnsupportedMediaType, Refusals.Encoded);
        }

        try
        {
            return await ReadAsync(context.Request, limit, context.RequestAborted) is { } body
                ? (body, StatusCodes.Status200OK, null)
                : (null, StatusCodes.Status413PayloadTooLarge, Refusals.TooLarge(limit));
        }
        catch (BadHttpRequestException exception)
        {
            return (null, exception.StatusCode, Refusals.UnreadableBody);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return (null, RequestTelemetry.ClientClosedRequest, Refusals.ClientLeft);
        }
    }

    /// <returns>The body, which the caller disposes; null when it is longer than <paramref name="limit"/> bytes.</returns>
    public static async ValueTask<PooledBytes?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        var body = new PooledBytes((int)Math.Min(request.ContentLength ?? 16 << 10, MaxAnnounced) + 1);
        try
        {
            while (await request.Body.ReadAsync(body.GetMemory(1), cancellationToken) is var read and > 0)
            {
                body.Advance(read);
                if (body.Length > limit)
                {
                    body.Dispose();
                    return null;
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }
}
