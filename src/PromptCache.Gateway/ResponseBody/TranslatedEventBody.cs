using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>An event stream of another protocol: each complete event is translated as it comes, then treated as OpenAI's own.</summary>
internal sealed class TranslatedEventBody(Stream client, IResponseTranslator translator, ChatStreamRewriter rewriter) : IResponseBody
{
    private readonly EventReader _events = new();
    private readonly PooledBytes _translated = new();

    public ResponseFault Fault => EventStreamBody.FaultOf(rewriter);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _translated.Clear();
        _events.Read(bytes.Span, sseEvent => translator.TranslateEvent(sseEvent, _translated));
        if (_translated.Length > 0)
        {
            await rewriter.WriteAsync(_translated.Memory, client, cancellationToken);
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _translated.Clear();
        translator.Complete(_translated);
        if (_translated.Length > 0)
        {
            await rewriter.WriteAsync(_translated.Memory, client, cancellationToken);
        }

        await rewriter.CompleteAsync(client, cancellationToken);
    }

    // What the provider had counted until then is what it bills.
    public async ValueTask AbandonAsync()
    {
        _translated.Clear();
        translator.Complete(_translated);
        await rewriter.WriteAsync(_translated.Memory, Stream.Null, CancellationToken.None);
        await rewriter.CompleteAsync(Stream.Null, CancellationToken.None);
    }

    public void Dispose()
    {
        _events.Dispose();
        _translated.Dispose();
        rewriter.Dispose();
    }
}
