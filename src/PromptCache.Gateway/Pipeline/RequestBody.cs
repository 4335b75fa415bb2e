using PromptCache.Core.Wire;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Reads a request's body once into pooled memory.</summary>
internal static class RequestBody
{
    /// <summary>What a client only announces takes no memory beyond this, in bytes.</summary>
    private const int MaxAnnounced = 1 << 20;

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
