using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Rewrites one streamed chat completion while it passes. One per response; not for concurrent use.</summary>
/// <remarks>
///   (1) An event that is complete leaves in the same call; held back are only an unfinished one, and one that says nothing but usage
///   (2) Only an event that holds usage (in store mode: or the upstream's price) is changed, and only there
///   (3) The settler is asked once, about the last usage: at <c>[DONE]</c>, else at the end; not about an error that came instead of an answer. What came before does not wait for it, nor does anything where no figures are shown
///   (4) A client that asked for usage then gets the usage chunk that waited, with the final figures; or one of our own if none did
///   (5) What cannot be read passes: unknown events, broken JSON, events too long to hold, everything behind <c>[DONE]</c>
/// </remarks>
public sealed class ChatStreamRewriter : IDisposable
{
    private readonly RewriteOptions _options;
    private readonly ISettler _settler;
    private readonly ChatStreamReader _reader;
    private readonly PooledBytes _held = new();
    private readonly PooledBytes _out = new();
    private readonly HeldChunk _usageChunk = new();
    private SseScanner _scanner;
    private bool _isUnread;
    private ChunkAction _lastAction;
    private bool _isShown;
    private bool _isCompleted;

    public ChatStreamRewriter(RewriteOptions options, ISettler settler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settler);
        _options = options;
        _settler = settler;
        _reader = new ChatStreamReader(options);
    }

    /// <summary>The final figures; null until <c>[DONE]</c> or the end, and when the stream was an error.</summary>
    public Settlement? Settled { get; private set; }

    public bool SawDone { get; private set; }

    /// <summary>After <see cref="CompleteAsync"/>: the stream stopped without <c>[DONE]</c>, and not behind a whole event that finishes either.</summary>
    public bool Truncated { get; private set; }

    /// <summary>An error event came in mid-stream.</summary>
    public bool SawError => _reader.SawError;

    /// <summary>The model that answered, by the upstream's word; null until the first chunk.</summary>
    public string? ResponseModel => _reader.Identity?.Model;

    /// <summary>The last <c>finish_reason</c>.</summary>
    public string? FinishReason => _reader.FinishReason;

    /// <summary>Takes the upstream's next bytes, cut anywhere, and writes every event that they complete, in one write unless the settler has to be waited for. Does not flush.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, Stream output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_held.Length > 0)
        {
            var cursor = new StreamCursor { At = _held.Length };
            _held.Write(bytes.Span);
            var next = Advance(_held.Span, ref cursor);
            return WriteChangedAsync(_held.Memory, cursor, next, output, ct);
        }

        var begin = default(StreamCursor);
        var action = Advance(bytes.Span, ref begin);
        if (action != ChunkAction.Pass)
        {
            return WriteChangedAsync(bytes, begin, action, output, ct);
        }

        // Most calls: whole events that pass as they are. No copy, no state machine.
        var end = Release(bytes.Length, begin.Start);
        _held.Write(bytes.Span[end..]);
        return end > begin.Pass ? output.WriteAsync(bytes[begin.Pass..end], ct) : default;
    }

    /// <summary>The upstream ended. Releases what is held: a last event without its blank line counts if it can be read, and passes as it is if not. Settles if nothing was settled.</summary>
    public async ValueTask CompleteAsync(Stream output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_isCompleted)
        {
            return;
        }

        _isCompleted = true;
        var isCut = _isUnread;
        var rest = _held.Memory;
        if (!rest.IsEmpty)
        {
            _lastAction = _reader.Read(rest.Span);
            isCut = !_reader.IsWhole;
            if (isCut && _usageChunk.IsHeld)
            {
                // Behind half an event nothing can be said any more.
                await SettleAsync(output, ct);
                WriteUsage();
            }

            await ActAsync(_lastAction, rest, output, ct);
        }

        Truncated = !SawDone && (isCut || FinishReason is null);
        await SettleAsync(output, ct);
        if (!SawDone && !isCut && (_usageChunk.IsHeld || (!Truncated && OwesUsage)))
        {
            if (!rest.IsEmpty && !IsWithheld)
            {
                // The last event lacks its blank line.
                _out.Write(_scanner.IsMidLine ? _reader.LineEnd.Span : default);
                _out.Write(_reader.LineEnd.Span);
            }

            WriteUsage();
        }

        await WriteOutAsync(default, output, ct);
        _held.Clear();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _held.Dispose();
        _out.Dispose();
        _usageChunk.Dispose();
    }

    // After an error, or where nothing was generated, there is nothing to add usage to.
    private bool OwesUsage => _options.ShowUsage && !_isShown && !SawError && _reader.Identity is not null;

    private bool IsWithheld => _lastAction is ChunkAction.Drop or ChunkAction.Hold;

    /// <summary>Reads events up to the first one that does not simply pass.</summary>
    /// <returns>What becomes of the event from <c>Start</c> to <c>At</c>; Pass when there is no such event.</returns>
    private ChunkAction Advance(ReadOnlySpan<byte> buffer, ref StreamCursor cursor)
    {
        while (!SawDone)
        {
            if (cursor.Start == cursor.At && !_isUnread && _scanner.TakesLineFeed(buffer[cursor.At..]))
            {
                cursor.Start = ++cursor.At;
                if (IsWithheld)
                {
                    cursor.Pass = cursor.At;
                    if (_lastAction == ChunkAction.Hold)
                    {
                        _usageChunk.TakeLineFeed();
                    }
                }
            }

            var length = _scanner.Scan(buffer[cursor.At..]);
            if (length == 0)
            {
                return ChunkAction.Pass;
            }

            cursor.At += length;
            _lastAction = _isUnread ? ChunkAction.Pass : _reader.Read(buffer[cursor.Start..cursor.At]);
            if (_lastAction == ChunkAction.Pass && !_isUnread && _usageChunk.IsHeld && _reader.IsBehindUsage)
            {
                _lastAction = ChunkAction.PassBehind;
            }

            _isUnread = false;
            if (_lastAction != ChunkAction.Pass)
            {
                return _lastAction;
            }

            cursor.Start = cursor.At;
        }

        return ChunkAction.Pass;
    }

    /// <summary>How much of the buffer goes out: all of it when nothing needs to be read any more, else up to the unfinished event.</summary>
    private int Release(int length, int start)
    {
        if (!SawDone && length - start > _options.MaxBuffered)
        {
            _isUnread = true;
            _reader.Skip();
        }

        return _isUnread || SawDone ? length : start;
    }

    /// <summary>Goes on from an event that does not simply pass, or with a buffer that is our own.</summary>
    private async ValueTask WriteChangedAsync(ReadOnlyMemory<byte> buffer, StreamCursor cursor, ChunkAction action, Stream output, CancellationToken ct)
    {
        var isHeld = _held.Length > 0;
        while (action != ChunkAction.Pass)
        {
            _out.Write(buffer.Span[cursor.Pass..cursor.Start]);
            await ActAsync(action, buffer[cursor.Start..cursor.At], output, ct);
            cursor.Start = cursor.Pass = cursor.At;
            action = Advance(buffer.Span, ref cursor);
        }

        var end = Release(buffer.Length, cursor.Start);
        await WriteOutAsync(buffer[cursor.Pass..end], output, ct);
        if (isHeld)
        {
            _held.Consume(end);
        }
        else
        {
            _held.Write(buffer.Span[end..]);
        }
    }

    private async ValueTask ActAsync(ChunkAction action, ReadOnlyMemory<byte> sseEvent, Stream output, CancellationToken ct)
    {
        if (_usageChunk.IsHeld && action != ChunkAction.Hold && _reader.IsBehindUsage)
        {
            _usageChunk.ReleaseMuted(_out);
        }

        switch (action)
        {
            case ChunkAction.Pass:
            case ChunkAction.PassBehind:
                _out.Write(sseEvent.Span);
                break;
            case ChunkAction.Drop:
                break;
            case ChunkAction.Hold:
                _usageChunk.Hold(sseEvent.Span, _reader.DataOf(sseEvent.Span), _reader.Chunk);
                break;
            case ChunkAction.Mute:
            case ChunkAction.Strip:
                WriteRewritten(action, sseEvent.Span);
                break;
            case ChunkAction.Done:
                SawDone = true;
                await DoneAsync(sseEvent, output, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, message: null);
        }
    }

    private async ValueTask DoneAsync(ReadOnlyMemory<byte> sseEvent, Stream output, CancellationToken ct)
    {
        if (_usageChunk.IsHeld || OwesUsage)
        {
            await SettleAsync(output, ct);
            WriteUsage();
            _out.Write(sseEvent.Span);
        }
        else
        {
            // Nobody sees the figures: nothing waits for them.
            _out.Write(sseEvent.Span);
            await SettleAsync(output, ct);
        }
    }

    private async ValueTask SettleAsync(Stream output, CancellationToken ct)
    {
        if (Settled is not null || _reader.HasOnlyError)
        {
            return;
        }

        var report = _reader.Report();
        var settling = _settler.SettleAsync(report, _reader.TextFor(report), ct).AsTask();
        if (!settling.IsCompleted)
        {
            await WriteOutAsync(default, output, ct);
        }

        Settled = await settling;
    }

    private void WriteRewritten(ChunkAction action, ReadOnlySpan<byte> sseEvent)
    {
        using var changed = new PooledBytes(sseEvent.Length + 1024);
        var data = _reader.DataOf(sseEvent);
        if (action == ChunkAction.Strip)
        {
            EnvelopeSplicer.WriteStripped(data, _reader.Chunk, _options.Dialect, changed);
        }
        else
        {
            EnvelopeSplicer.WriteMuted(data, _reader.Chunk, changed);
        }

        SseEvent.WriteWithData(sseEvent, changed.Span, _out);
    }

    private void WriteUsage()
    {
        if (_usageChunk.IsHeld)
        {
            _isShown = true;
            _usageChunk.ReleaseSettled(Settled!, _options.UsageCost, _out);
            return;
        }

        if (!OwesUsage)
        {
            return;
        }

        _isShown = true;
        _out.Write("data: "u8);
        _reader.Identity!.WriteUsageChunk(_reader.Usage, Settled!, _options.UsageCost, _out);
        _out.Write(_reader.LineEnd.Span);
        _out.Write(_reader.LineEnd.Span);
    }

    private async ValueTask WriteOutAsync(ReadOnlyMemory<byte> passing, Stream output, CancellationToken ct)
    {
        if (_out.Length > 0)
        {
            _out.Write(passing.Span);
            await output.WriteAsync(_out.Memory, ct);
            _out.Clear();
        }
        else if (!passing.IsEmpty)
        {
            await output.WriteAsync(passing, ct);
        }
    }
}
