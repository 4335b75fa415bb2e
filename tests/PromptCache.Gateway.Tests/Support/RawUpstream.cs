using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>An upstream that speaks to the socket itself: for answers that no server would give.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <summary>Hands every connection to <paramref name="serve"/>, which gets the request's head and the connection behind it, and closes the connection when it is done.</summary>
    public RawUpstream(Func<string, NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _serving = ServeAsync(serve);
    }

    public string BaseUrl => $"http://{_listener.LocalEndpoint}/v1";

    /// <summary>An upstream that reads the request and answers with these bytes.</summary>
    public static RawUpstream Answering(string response) => new(async (head, connection, stop) =>
    {
        await SkipBodyAsync(head, connection, stop);
        await connection.WriteAsync(Encoding.UTF8.GetBytes(response), stop);
    });

    /// <summary>Reads the body that the head announces.</summary>
    public static async Task<byte[]> SkipBodyAsync(string head, NetworkStream connection, CancellationToken stop)
    {
        const string name = "content-length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head[(at + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        var body = new byte[length];
        await connection.ReadExactlyAsync(body, stop);
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<string, NetworkStream, CancellationToken, Task> serve)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(OneAsync(await _listener.AcceptTcpClientAsync(_stop.Token), serve));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task OneAsync(TcpClient client, Func<string, NetworkStream, CancellationToken, Task> serve)
    {
        using (client)
        {
            try
            {
                await using var connection = client.GetStream();
                var head = new StringBuilder();
                var one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    if (await connection.ReadAsync(one, _stop.Token) == 0)
                    {
                        return;
                    }

                    head.Append((char)one[0]);
                }

                await serve(head.ToString(), connection, _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The gateway left, or the test ended: both are what a test may want.
            }
        }
    }
}
