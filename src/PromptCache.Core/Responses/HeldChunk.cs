using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>The event of a usage chunk that waits for the end of its stream.</summary>
internal sealed class HeldChunk : IDisposable
{
    private readonly PooledBytes _event = new(512);
    private readonly PooledBytes _data = new(512);
    private ChatEnvelope _chunk;

    public bool IsHeld => _event.Length > 0;

    /// <summary>Takes an event, in place of the one that is held.</summary>
    public void Hold(ReadOnlySpan<byte> sseEvent, ReadOnlySpan<byte> data, in ChatEnvelope chunk)
    {
        Clear();
        _event.Write(sseEvent);
        _data.Write(data);
        _chunk = chunk;
    }

    /// <summary>Takes the LF of the CR LF that ended the event.</summary>
    public void TakeLineFeed() => _event.Write("\n"u8);

    /// <summary>Lets the event go with the final figures.</summary>
    public void ReleaseSettled(Settlement settlement, bool usageCost, PooledBytes output)
    {
        using var changed = new PooledBytes(_data.Length + 1024);
        EnvelopeSplicer.WriteSettled(_data.Span, _chunk, settlement, usageCost, changed);
        SseEvent.WriteWithData(_event.Span, changed.Span, output);
        Clear();
    }

    /// <summary>Lets the event go with <c>usage: null</c>.</summary>
    public void ReleaseMuted(PooledBytes output)
    {
        using var changed = new PooledBytes(_data.Length);
        EnvelopeSplicer.WriteMuted(_data.Span, _chunk, changed);
        SseEvent.WriteWithData(_event.Span, changed.Span, output);
        Clear();
    }

    public void Dispose()
    {
        _event.Dispose();
        _data.Dispose();
    }

    private void Clear()
    {
        _event.Clear();
        _data.Clear();
    }
}
