using System.Net.Sockets;

namespace PromptCache.Gateway.Hosting;

/// <summary>Looks at the addresses that a gateway is to listen on before the server does, which would fall back to one of its own or end with a stack trace.</summary>
internal static class ListenAddresses
{
    /// <exception cref="FormatException">There is none, or one is not an address; the message quotes it.</exception>
    public static void Check(string urls)
    {
        var all = Split(urls);
        if (all.Length == 0)
        {
            throw new FormatException("--urls names no address to listen on.");
        }

        foreach (var url in all)
        {
            var address = BindingAddress.Parse(url);
            if (address.Scheme is not ("http" or "https") || address.PathBase.Length > 0 || (!address.IsUnixPipe && address.Port is < 0 or > 65535))
            {
                throw new FormatException($"'{url}' is not an address to listen on: http or https, a host or '+' or unix:/PATH, a port from 0 to 65535, and no path.");
            }
        }
    }

    /// <summary>Removes the files of Unix sockets that a gateway which was killed left behind: nobody can listen where they are. One that is answered is somebody's, and stays.</summary>
    public static void RemoveStaleSockets(string urls)
    {
        foreach (var path in Split(urls).Select(BindingAddress.Parse).Where(a => a.IsUnixPipe).Select(a => a.UnixPipePath).Where(File.Exists))
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(path);
            }
            catch (SocketException)
            {
                // No socket, or not ours to touch: the server's own message says what stands in the way.
                continue;
            }
        }
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
