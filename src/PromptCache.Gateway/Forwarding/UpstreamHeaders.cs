using Microsoft.Extensions.Primitives;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Forwarding;

/// <summary>The headers that a provider gets: the client's, less what is the gateway's, with the right key.</summary>
internal static class UpstreamHeaders
{
    private static readonly string[] KeyHeaders = ["Authorization", "x-api-key", "api-key", "x-goog-api-key"];

    /// <summary>They choose who pays among those that a key may speak for: whoever brings the key chooses.</summary>
    private static readonly string[] AccountHeaders = ["OpenAI-Organization", "OpenAI-Project", "x-goog-user-project"];

    /// <summary>What a client says to the origin that it sees, which is the gateway, and what proxies before it say of the client: no provider's business, and nobody has verified it.</summary>
    private static readonly string[] OriginHeaders = ["Cookie", "Forwarded", "Via", "X-Real-IP"];

    private static readonly string[] Clients = [.. KeyHeaders, .. OriginHeaders];
    private static readonly string[] ClientsAndAccounts = [.. Clients, .. AccountHeaders];

    /// <summary>Puts the provider's key in place of the client's, and adds what the protocol and the configuration ask for.</summary>
    public static void Apply(HttpRequestMessage request, ProviderModel provider, Tenant tenant)
    {
        foreach (var name in provider.KeyMode == KeyMode.Own ? ClientsAndAccounts : Clients)
        {
            request.Headers.Remove(name);
        }

        List<string>? own = null;
        foreach (var (name, _) in request.Headers.NonValidated)
        {
            if (StaysHere(name))
            {
                (own ??= []).Add(name);
            }
        }

        foreach (var name in own ?? [])
        {
            request.Headers.Remove(name);
        }

        if (KeyFor(provider, tenant) is { } key)
        {
            var (header, prefix) = provider.Traits.KeyHeader is { } special ? (special, "") : provider.Protocol.KeyHeader;
            request.Headers.TryAddWithoutValidation(header, prefix + key);
        }

        foreach (var (name, value) in provider.Protocol.Headers)
        {
            if (!request.Headers.Contains(name))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        foreach (var (name, value) in provider.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // The client's Host is the gateway's name.
        request.Headers.Host = null;
    }

    /// <summary>Removes the headers that the client's <c>Connection</c> header names: they were meant for the gateway (RFC 9110, 7.6.1).</summary>
    public static void RemoveHopByHop(HttpRequestMessage request, StringValues connection)
    {
        foreach (var value in connection)
        {
            foreach (var name in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                // An upgrade is the forwarder's to carry on: where there is none, it has taken the header out.
                if (request.Headers.NonValidated.Contains(name) && !name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase))
                {
                    request.Headers.Remove(name);
                }
            }
        }
    }

    /// <summary>Whether there is a key for the provider, or none is needed.</summary>
    public static bool HasKey(ProviderModel provider, Tenant tenant) => provider.KeyMode != KeyMode.Missing || tenant.Credential is not null;

    /// <summary>Joins a base URL and the path below it. A query of the base URL (Azure's <c>api-version</c> on its older path) goes with every request.</summary>
    public static Uri Join(Uri baseUrl, string path, QueryString query)
        => new(baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + path + QueryString.FromUriComponent(baseUrl).Add(query).ToUriComponent());

    /// <summary>The key that the provider gets; null: none.</summary>
    public static string? KeyFor(ProviderModel provider, Tenant tenant) => provider.KeyMode switch
    {
        KeyMode.Own => provider.ApiKey,
        KeyMode.None => null,
        _ => tenant.Credential,
    };

    private static bool StaysHere(string name)
        => name.StartsWith("x-promptcache-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);
}
