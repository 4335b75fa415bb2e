using PromptCache.Core.Wire;

namespace PromptCache.Providers.Json;

/// <summary>The data of one server-sent event, its lines joined; in place where there is but one.</summary>
internal readonly ref struct EventData
{
    private readonly PooledBytes? _joined;
    private readonly ReadOnlySpan<byte> _single;

    public EventData(ReadOnlySpan<byte> sseEvent)
    {
        var lines = SseEvent.FindData(sseEvent, out var data);
        Exists = lines > 0;
        if (lines <= 1)
        {
            _single = data.Of(sseEvent);
            return;
        }

        _joined = new PooledBytes(sseEvent.Length);
        SseEvent.JoinData(sseEvent, _joined);
    }

    /// <summary>False for comments and other events without data.</summary>
    public bool Exists { get; }

    public ReadOnlySpan<byte> Span => _joined is null ? _single : _joined.Span;

    public void Dispose() => _joined?.Dispose();
}
