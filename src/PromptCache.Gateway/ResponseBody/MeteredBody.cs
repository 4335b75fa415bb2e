using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes a JSON response on as it came, but for its usage in store mode, with its figures in headers: it is held until it is whole, because they stand at its end. One that is too long passes unread.</summary>
/// <param name="response">Gets the headers.</param>
/// <param name="client">The client's body.</param>
/// <param name="meter">Reads the usage.</param>
/// <param name="settler">Settles it.</param>
/// <param name="maxBuffered">In bytes.</param>
/// <param name="fromStore">Store mode: the usage that the client reads is the store's.</param>
/// <param name="costDetails">The client asked for <c>cost_details</c> in the body.</param>
internal sealed class MeteredBody(HttpResponse response, Stream client, IUsageMeter meter, ISettler settler, int maxBuffered, bool fromStore, bool costDetails) : IResponseBody
{
    private readonly PooledBytes _body = new();
    private bool _passing;

    public ResponseFault Fault => _passing || !meter.IsReport ? ResponseFault.ResponseUnread : ResponseFault.None;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_passing)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        _body.Write(bytes.Span);
        if (_body.Length > maxBuffered)
        {
            _passing = true;
            await client.WriteAsync(_body.Memory, cancellationToken);
            _body.Clear();
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!_passing)
        {
            meter.ReadBody(ByteOrderMark.Skip(_body.Span));
        }

        var settlement = await settler.SettleAsync(meter.Usage, default, cancellationToken);
        if (_passing || _body.Length == 0)
        {
            return;
        }

        settlement = meter.IsReport ? settlement : null;
        CostHeaders.Write(response, settlement);
        using var counted = new PooledBytes();
        if (fromStore && settlement is not null)
        {
            meter.RewriteBody(ByteOrderMark.Skip(_body.Span), settlement.Usage, counted);
        }

        using var output = new PooledBytes(_body.Length + 1024);
        CostSplice.Write((counted.Length > 0 ? counted : _body).Span, costDetails ? settlement?.Cost : null, output);
        response.ContentLength = output.Length;
        await client.WriteAsync(output.Memory, cancellationToken);
    }

    public ValueTask AbandonAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
        _body.Dispose();
        meter.Dispose();
    }
}
