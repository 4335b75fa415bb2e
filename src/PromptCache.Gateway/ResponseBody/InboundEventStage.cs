using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Translates a chat completion's events, each as it comes.</summary>
internal sealed class InboundEventStage(HttpResponse response, Stream client, IInboundResponse translator, Func<Settlement?> settled) : ClientStage
{
    private readonly EventReader _events = new();
    private readonly PooledBytes _output = new();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _output.Clear();
        _events.Read(buffer.Span, sseEvent => translator.TranslateEvent(sseEvent, _output));
        return _output.Length > 0 ? client.WriteAsync(_output.Memory, cancellationToken) : ValueTask.CompletedTask;
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _output.Clear();
        translator.Complete(_output);
        if (_output.Length > 0)
        {
            await client.WriteAsync(_output.Memory, cancellationToken);
        }

        CostHeaders.WriteTrailers(response, settled());
    }

    protected override void Dispose(bool disposing)
    {
        _events.Dispose();
        _output.Dispose();
        base.Dispose(disposing);
    }
}
