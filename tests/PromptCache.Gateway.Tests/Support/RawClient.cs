using System.Net.Sockets;
using System.Text;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>A client that writes its own HTTP/1.1.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawClient()
    {
    }

    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(Uri gateway)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(gateway.Host, gateway.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>The head of a chat request.</summary>
    public static string Head(string framing) => $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n{framing}\r\n\r\n";

    public ValueTask SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Reads until the text has come, or the connection ended.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal) && await Stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
        {
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
