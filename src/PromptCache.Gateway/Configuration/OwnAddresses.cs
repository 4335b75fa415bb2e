using System.Net;

namespace PromptCache.Gateway.Configuration;

/// <summary>Where this gateway listens. A provider there would be the gateway itself, and a request to it would never end.</summary>
internal sealed class OwnAddresses
{
    private readonly BindingAddress[] _bindings;

    /// <param name="urls">As Kestrel takes them, separated by <c>;</c>.</param>
    public OwnAddresses(string urls)
        => _bindings = [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).OfType<BindingAddress>()];

    public bool Contains(Uri url)
        => _bindings.Any(b => b.Port == url.Port && (IsEverywhere(b.Host) ? url.IsLoopback : b.Host.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || (IsLocal(b.Host) && IsLocal(url.Host))));

    // What is no address is the server's to refuse.
    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Port: > 0 } address ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // A name other than localhost is bound to every address too.
    private static bool IsEverywhere(string host)
        => IPAddress.TryParse(host, out var address) ? address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) : !IsLocal(host);

    private static bool IsLocal(string host) => host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
