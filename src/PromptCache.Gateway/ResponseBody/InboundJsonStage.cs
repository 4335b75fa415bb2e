using PromptCache.Core.Requests;
using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Holds a JSON response, a completion or an error, until it is whole, and writes it in the client's protocol.</summary>
/// <param name="response">Gets the figures as headers.</param>
/// <param name="client">The client's body.</param>
/// <param name="protocol">The client's protocol.</param>
/// <param name="translator">Translates into it.</param>
/// <param name="maxBuffered">A response longer than this many bytes is answered with an error: nothing else can be said of it in the client's protocol.</param>
/// <param name="settled">The final figures, once there are any.</param>
internal sealed class InboundJsonStage(HttpResponse response, Stream client, IInboundProtocol protocol, IInboundResponse translator, int maxBuffered, Func<Settlement?> settled) : ClientStage
{
    private readonly PooledBytes _body = new();
    private bool _isTooLong;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isTooLong)
        {
            _body.Write(buffer.Span);
            _isTooLong = _body.Length > maxBuffered;
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        using var output = new PooledBytes(_body.Length + 1024);
        if (_isTooLong)
        {
            response.StatusCode = StatusCodes.Status502BadGateway;
            protocol.WriteError(response.StatusCode, new RequestError($"The provider's response is longer than the limit of {maxBuffered} bytes.", Param: null, "response_too_large"), output);
        }
        else if (response.StatusCode is >= 200 and < 300)
        {
            translator.TranslateBody(ByteOrderMark.Skip(_body.Span), output);
        }
        else
        {
            translator.TranslateError(response.StatusCode, _body.Span, output);
        }

        CostHeaders.Write(response, settled());
        response.ContentType = "application/json";
        response.ContentLength = output.Length;
        await client.WriteAsync(output.Memory, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _body.Dispose();
        base.Dispose(disposing);
    }
}
