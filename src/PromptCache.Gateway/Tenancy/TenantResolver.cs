using System.Security.Cryptography;
using System.Text;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Tenancy;

/// <summary>Tells whose request it is, from its credential alone: the body has no say.</summary>
internal static class TenantResolver
{
    private const string Bearer = "Bearer ";

    /// <summary>The request's tenant; null when tenants are configured and the credential is none of theirs.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="model">The configuration in force.</param>
    /// <param name="secret">The deployment's key: an unconfigured tenant is known by an HMAC of its credential.</param>
    public static Tenant? Resolve(HttpRequest request, GatewayModel model, ReadOnlySpan<byte> secret)
    {
        var credential = CredentialOf(request);
        if (model.Tenants.Count > 0)
        {
            return credential is not null && model.Tenants.TryGetValue(Digest(credential), out var name) ? new Tenant(name, credential) : null;
        }

        // Another scheme than Bearer tells clients apart too, although there is no key in it to pass on.
        var identity = credential ?? request.Headers.Authorization.ToString();
        if (identity.Length == 0)
        {
            return new Tenant("anonymous", Credential: null);
        }

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes("tenant\0" + identity), mac);
        return new Tenant("key-" + Convert.ToHexStringLower(mac[..12]), credential);
    }

    /// <summary>SHA-256 of a key as lowercase hex, as the configuration holds it.</summary>
    public static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The credential of <c>Authorization: Bearer</c>, <c>x-api-key</c> or <c>api-key</c>.</summary>
    public static string? CredentialOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && authorization.Length > Bearer.Length)
        {
            return authorization[Bearer.Length..].Trim();
        }

        foreach (var name in (ReadOnlySpan<string>)["x-api-key", "api-key", "x-goog-api-key"])
        {
            if (request.Headers[name].ToString() is { Length: > 0 } key)
            {
                return key;
            }
        }

        return null;
    }
}
