using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Rewrites one streamed chat completion while it passes. One per response; not for concurrent use.</summary>
/// <remarks>
///   (1) An event that is complete leaves in the same call; only an unfinished one is held back
///   (2) Only an event that holds usage is changed, and only there
///   (3) The settler is asked once: at the usage chunk, else at <c>[DONE]</c>, else at the end. What came before does not wait for its answer
///   (4) A client that asked for usage and has seen none by then gets a chunk of our own
///   (5) What cannot be read passes: unknown events, broken JSON, events too long to hold, everything behind <c>[DONE]</c>
/// </remarks>
public sealed class ChatStreamRewriter : IDisposable
{
    private readonly RewriteOptions _options;
    private readonly ISettler _settler;
    private readonly ChatStreamReader _reader;
    private readonly PooledBytes _held = new();
    private readonly PooledBytes _out = new();
    private SseScanner _scanner;
    private bool _isUnread;
    private bool _isDropped;
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

    /// <summary>The final figures; null until the usage chunk, <c>[DONE]</c> or the end.</summary>
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
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, Stream output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        var buffer = bytes;
        var at = _held.Length;
        if (at > 0)
        {
            _held.Write(bytes.Span);
            buffer = _held.Memory;
        }

        var hadHeld = at > 0;
        var start = 0;   // of the event that is being looked at
        var pass = 0;    // the first byte that goes out as it is and has not been written yet
        while (!SawDone)
        {
            if (start == at && !_isUnread && _scanner.TakesLineFeed(buffer.Span[at..]))
            {
                start = ++at;
                pass = _isDropped ? at : pass;
            }

            var length = _scanner.Scan(buffer.Span[at..]);
            if (length == 0)
            {
                break;
            }

            at += length;
            var action = _isUnread ? ChunkAction.Pass : _reader.Read(buffer.Span[start..at], Settled is not null);
            _isUnread = false;
            _isDropped = action is ChunkAction.Drop or ChunkAction.SettleAndDrop;
            if (action != ChunkAction.Pass)
            {
                _out.Write(buffer.Span[pass..start]);
                pass = at;
                await ActAsync(action, buffer[start..at], output, ct);
            }

            start = at;
        }

        _isUnread |= buffer.Length - start > _options.MaxBuffered;
        var end = _isUnread || SawDone ? buffer.Length : start;
        await WriteOutAsync(buffer[pass..end], output, ct);
        if (hadHeld)
        {
            _held.Consume(end);
        }
        else
        {
            _held.Write(bytes.Span[end..]);
        }
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
            var action = _reader.Read(rest.Span, Settled is not null);
            isCut = !_reader.IsWhole;
            _isDropped = action is ChunkAction.Drop or ChunkAction.SettleAndDrop;
            await ActAsync(action, rest, output, ct);
        }

        Truncated = !SawDone && (isCut || FinishReason is null);
        await SettleAsync(output, ct);
        if (!SawDone && !Truncated)
        {
            if (!rest.IsEmpty && !_isDropped && OwesUsage)
            {
                // The last event lacks its blank line.
                _out.Write(_scanner.IsMidLine ? _reader.LineEnd.Span : default);
                _out.Write(_reader.LineEnd.Span);
            }

            WriteOwedUsage();
        }

        await WriteOutAsync(default, output, ct);
        _held.Clear();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _held.Dispose();
        _out.Dispose();
    }

    // After an error, or where nothing was generated, there is nothing to add usage to.
    private bool OwesUsage => _options.ShowUsage && !_isShown && !SawError && _reader.Identity is not null;

    private async ValueTask ActAsync(ChunkAction action, ReadOnlyMemory<byte> sseEvent, Stream output, CancellationToken ct)
    {
        switch (action)
        {
            case ChunkAction.Pass:
                _out.Write(sseEvent.Span);
                break;
            case ChunkAction.Drop:
                break;
            case ChunkAction.SettleAndDrop:
                await SettleAsync(output, ct);
                break;
            case ChunkAction.Settle:
                await SettleAsync(output, ct);
                WriteChanged(action, sseEvent.Span);
                _isShown = true;
                break;
            case ChunkAction.Mute:
            case ChunkAction.Strip:
                WriteChanged(action, sseEvent.Span);
                break;
            case ChunkAction.Done:
                SawDone = true;
                await SettleAsync(output, ct);
                WriteOwedUsage();
                _out.Write(sseEvent.Span);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, message: null);
        }
    }

    private async ValueTask SettleAsync(Stream output, CancellationToken ct)
    {
        if (Settled is not null)
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

    private void WriteChanged(ChunkAction action, ReadOnlySpan<byte> sseEvent)
    {
        using var changed = new PooledBytes(sseEvent.Length + 1024);
        var data = _reader.DataOf(sseEvent);
        switch (action)
        {
            case ChunkAction.Settle:
                EnvelopeSplicer.WriteSettled(data, _reader.Chunk, Settled!, _options.UsageCost, changed);
                break;
            case ChunkAction.Strip:
                EnvelopeSplicer.WriteStripped(data, _reader.Chunk, _options.Dialect, changed);
                break;
            default:
                EnvelopeSplicer.WriteMuted(data, _reader.Chunk, changed);
                break;
        }

        SseEvent.WriteWithData(sseEvent, changed.Span, _out);
    }

    private void WriteOwedUsage()
    {
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
