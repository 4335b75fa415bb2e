using System.IO.Compression;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Compresses the body, whatever the client said that it accepts.</summary>
internal sealed class GzipSink : IReplySink, IDisposable
{
    private readonly IReplySink _inner;
    private readonly Exchange _exchange;
    private readonly MemoryStream _compressed = new();
    private readonly GZipStream _gzip;

    public GzipSink(IReplySink inner, Exchange exchange)
    {
        (_inner, _exchange) = (inner, exchange);
        _gzip = new(_compressed, CompressionLevel.Fastest, leaveOpen: true);
        exchange.Response.RegisterForDispose(this);
    }

    public ValueTask BeginAsync(int? length)
    {
        _exchange.Response.Headers.ContentEncoding = "gzip";
        return _inner.BeginAsync(null);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        await _gzip.WriteAsync(unit, _exchange.Aborted);
        await _gzip.FlushAsync(_exchange.Aborted);
        await PassOnAsync();
    }

    public async ValueTask EndAsync()
    {
        await _gzip.DisposeAsync();
        await PassOnAsync();
        await _inner.EndAsync();
    }

    public void Dispose()
    {
        _gzip.Dispose();
        _compressed.Dispose();
    }

    private async ValueTask PassOnAsync()
    {
        await _inner.WriteAsync(_compressed.ToArray());
        _compressed.SetLength(0);
    }
}
