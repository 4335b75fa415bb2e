using PromptCache.Core.Wire;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Collects server-sent events out of bytes that come cut anywhere.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly PooledBytes _held = new();
    private SseScanner _scanner;
    private int _scanned;

    /// <summary>What is held of an event that is not complete.</summary>
    public ReadOnlySpan<byte> Rest => _held.Span;

    /// <summary>Takes bytes, and hands every event that is complete to <paramref name="take"/>.</summary>
    public void Read(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> take)
    {
        _held.Write(bytes);
        var start = 0;
        while (_scanned < _held.Length)
        {
            var rest = _held.Span[_scanned..];
            if (_scanned == start && _scanner.TakesLineFeed(rest))
            {
                start = ++_scanned;
                continue;
            }

            var length = _scanner.Scan(rest);
            if (length == 0)
            {
                _scanned = _held.Length;
                break;
            }

            _scanned += length;
            take(_held.Span[start.._scanned]);
            start = _scanned;
        }

        _held.Consume(start);
        _scanned -= start;
    }

    public void Dispose() => _held.Dispose();
}
