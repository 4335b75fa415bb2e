using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes an event stream on as it comes, and reads its usage. An event that is too long ends the reading, not the stream.</summary>
/// <remarks>Where an event may have to be changed, each passes when it is complete; none waits for the store.</remarks>
/// <param name="response">Gets the trailers.</param>
/// <param name="client">The client's body.</param>
/// <param name="meter">Reads the usage.</param>
/// <param name="settler">Settles it.</param>
/// <param name="maxEvent">In bytes.</param>
/// <param name="fromStore">Store mode: the usage that the client reads is the store's.</param>
/// <param name="costDetails">The client asked for <c>cost_details</c> in the event that reports usage.</param>
internal sealed class MeteredEventBody(HttpResponse response, Stream client, IUsageMeter meter, ISettler settler, int maxEvent, bool fromStore, bool costDetails) : IResponseBody
{
    private readonly EventReader _events = new();
    private readonly PooledBytes _output = new();
    private readonly List<UsageEvent> _usages = [];
    private Settlement? _settlement;
    private bool _isReported;
    private bool _isUnread;

    public ResponseFault Fault => _isUnread ? ResponseFault.ResponseUnread : meter.IsComplete ? ResponseFault.None : ResponseFault.ResponseTruncated;

    private bool MayChange => fromStore || costDetails;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_isUnread)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        _output.Clear();
        _usages.Clear();
        _isReported = false;
        _events.Read(bytes.Span, Take);
        _isUnread = _events.Rest.Length > maxEvent;
        var start = _isReported || (meter.IsComplete && _settlement is null) ? await SettleAsync(bytes, cancellationToken) : 0;
        if (MayChange && _isUnread)
        {
            _output.Write(_events.Rest);
        }

        await WriteOutAsync(bytes, start, MayChange ? _output.Length : bytes.Length, cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (MayChange && !_isUnread && _events.Rest.Length > 0)
        {
            _output.Clear();
            _output.Write(_events.Rest);
            await client.WriteAsync(_output.Memory, cancellationToken);
        }

        if (_settlement is null)
        {
            await SettleAsync(cancellationToken);
        }

        CostHeaders.WriteTrailers(response, _settlement);
    }

    public async ValueTask AbandonAsync()
    {
        if (_settlement is null)
        {
            await SettleAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _output.Dispose();
        meter.Dispose();
    }

    private async ValueTask SettleAsync(CancellationToken cancellationToken)
        => _settlement = await settler.SettleAsync(meter.Usage, meter.Completion, cancellationToken);

    private void Take(ReadOnlySpan<byte> sseEvent)
    {
        meter.ReadEvent(sseEvent);
        _isReported |= meter.IsReport;
        if (!MayChange)
        {
            return;
        }

        if (meter.IsReport || (fromStore && meter.CarriesUsage))
        {
            _usages.Add(new UsageEvent(new ByteRange(_output.Length, sseEvent.Length), meter.IsReport, fromStore && !meter.IsReport ? settler.Preview(meter.Usage) : null));
        }

        _output.Write(sseEvent);
        if (sseEvent.EndsWith("\r\n\r"u8))
        {
            // The reader ends an event at the CR, and drops the LF that follows.
            _output.Write("\n"u8);
        }
    }

    /// <summary>Settles; what stands before the figures does not wait for them.</summary>
    /// <returns>How much of what goes out has gone.</returns>
    private async ValueTask<int> SettleAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var settling = SettleAsync(cancellationToken).AsTask();
        if (settling.IsCompleted)
        {
            await settling;
            return 0;
        }

        var end = !MayChange ? bytes.Length : _isReported ? _usages.Find(u => u.IsReport).Where.Start : _output.Length;
        try
        {
            await WriteOutAsync(bytes, 0, end, cancellationToken);
        }
        finally
        {
            await settling;
        }

        return end;
    }

    private async ValueTask WriteOutAsync(ReadOnlyMemory<byte> bytes, int start, int end, CancellationToken cancellationToken)
    {
        if (start == end)
        {
            return;
        }

        if (!MayChange || _usages.Count == 0)
        {
            await client.WriteAsync((MayChange ? _output.Memory : bytes)[start..end], cancellationToken);
            return;
        }

        using var edited = new PooledBytes(end - start + 1024);
        foreach (var usage in _usages.Where(u => u.Where.Start >= start && u.Where.End <= end))
        {
            edited.Write(_output.Span[start..usage.Where.Start]);
            WriteUsage(usage, edited);
            start = usage.Where.End;
        }

        edited.Write(_output.Span[start..end]);
        await client.WriteAsync(edited.Memory, cancellationToken);
    }

    private void WriteUsage(UsageEvent usage, PooledBytes output)
    {
        using var counted = new PooledBytes();
        var text = usage.Where.Of(_output.Span);
        if (fromStore && (usage.IsReport ? _settlement : usage.Preview) is { } figures)
        {
            meter.RewriteEvent(text, figures.Usage, counted);
            text = counted.Span;
        }

        CostSplice.Write(text, costDetails && usage.IsReport ? _settlement?.Cost : null, output);
    }
}
