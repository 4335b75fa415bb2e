using System.Net;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Pipeline;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Admin;

/// <summary>Lets <c>/promptcache/*</c> be used on loopback only, or by whoever has the admin key where one is configured.</summary>
internal sealed class AdminAccess(GatewayModelSource configuration) : IEndpointFilter
{
    /// <summary>What proxies and sidecars say of themselves: behind one of them every caller looks local.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "X-Envoy-External-Address"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (IsAllowed(http))
        {
            return await next(context);
        }

        await OpenAIError.WriteAsync(http, StatusCodes.Status401Unauthorized, new("This endpoint needs the admin key; without a configured one it answers on loopback only.", Param: null, "admin_only"));
        return Results.Empty;
    }

    private bool IsAllowed(HttpContext http)
    {
        if (configuration.Current.AdminKeySha256 is { } expected)
        {
            return TenantResolver.CredentialOf(http.Request) is { } key
                && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(TenantResolver.Digest(key)), Encoding.ASCII.GetBytes(expected));
        }

        // No address: an in-process connection.
        return (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) && !ProxyHeaders.Any(http.Request.Headers.ContainsKey);
    }
}
