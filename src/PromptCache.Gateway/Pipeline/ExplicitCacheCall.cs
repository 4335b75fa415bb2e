using System.Net.Http.Headers;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Pipeline;

/// <summary>One request of the gateway's own to a provider.</summary>
internal static class ExplicitCacheCall
{
    private const int MaxAnswer = 1 << 20;

    public static async Task<(int Status, byte[] Body)> SendAsync(HttpMessageInvoker invoker, ProviderModel provider, Tenant tenant, DestinationModel destination, HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, UpstreamHeaders.Join(destination.BaseUrl, path, QueryString.Empty)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        UpstreamHeaders.Apply(request, provider, tenant);
        using var response = await invoker.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, await ReadAsync(response, cancellationToken));
    }

    /// <summary>Reads a short answer; a long one is cut by an exception.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
