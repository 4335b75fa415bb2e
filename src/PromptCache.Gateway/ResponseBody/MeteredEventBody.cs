using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes an event stream on as it comes, and reads its usage. An event that is too long ends the reading, not the stream.</summary>
/// <param name="response">Gets the trailers.</param>
/// <param name="client">The client's body.</param>
/// <param name="meter">Reads the usage.</param>
/// <param name="settler">Settles it.</param>
/// <param name="maxEvent">In bytes.</param>
/// <param name="costDetails">The client asked for <c>cost_details</c> in the event that reports usage; then events pass one by one.</param>
internal sealed class MeteredEventBody(HttpResponse response, Stream client, IUsageMeter meter, ISettler settler, int maxEvent, bool costDetails) : IResponseBody
{
    private readonly EventReader _events = new();
    private readonly PooledBytes _output = new();
    private readonly List<ByteRange> _reports = [];
    private Settlement? _settlement;
    private bool _isUnread;

    public ResponseFault Fault => _isUnread ? ResponseFault.ResponseUnread : meter.IsComplete ? ResponseFault.None : ResponseFault.ResponseTruncated;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_isUnread)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        _output.Clear();
        _reports.Clear();
        _events.Read(bytes.Span, Take);
        if (_reports.Count > 0 || (meter.IsComplete && _settlement is null))
        {
            _settlement = await settler.SettleAsync(meter.Usage, default, cancellationToken);
        }

        _isUnread = _events.Rest.Length > maxEvent;
        if (!costDetails)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        if (_isUnread)
        {
            _output.Write(_events.Rest);
        }

        await WriteEventsAsync(cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (costDetails && !_isUnread && _events.Rest.Length > 0)
        {
            _output.Clear();
            _output.Write(_events.Rest);
            await client.WriteAsync(_output.Memory, cancellationToken);
        }

        _settlement ??= await settler.SettleAsync(meter.Usage, default, cancellationToken);
        CostHeaders.WriteTrailers(response, _settlement);
    }

    public async ValueTask AbandonAsync() => _settlement ??= await settler.SettleAsync(meter.Usage, default, CancellationToken.None);

    public void Dispose()
    {
        _events.Dispose();
        _output.Dispose();
    }

    private void Take(ReadOnlySpan<byte> sseEvent)
    {
        meter.ReadEvent(sseEvent);
        if (!costDetails)
        {
            return;
        }

        if (meter.IsReport)
        {
            _reports.Add(new ByteRange(_output.Length, sseEvent.Length));
        }

        _output.Write(sseEvent);
        if (sseEvent.EndsWith("\r\n\r"u8))
        {
            // The reader ends an event at the CR, and drops the LF that follows.
            _output.Write("\n"u8);
        }
    }

    private async ValueTask WriteEventsAsync(CancellationToken cancellationToken)
    {
        if (_reports.Count == 0)
        {
            await client.WriteAsync(_output.Memory, cancellationToken);
            return;
        }

        using var edited = new PooledBytes(_output.Length + 1024);
        var at = 0;
        foreach (var report in _reports)
        {
            edited.Write(_output.Span[at..report.Start]);
            CostSplice.Write(report.Of(_output.Span), _settlement?.Cost, edited);
            at = report.End;
        }

        edited.Write(_output.Span[at..]);
        await client.WriteAsync(edited.Memory, cancellationToken);
    }
}
