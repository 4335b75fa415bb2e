using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Holds a JSON response until it is whole, and writes it with the final figures. One that is too long passes through unread.</summary>
internal sealed class JsonBody(HttpResponse response, Stream client, RewriteOptions options, ISettler settler, IResponseTranslator? translator) : IResponseBody
{
    private readonly PooledBytes _body = new();
    private bool _passing;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_passing)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        _body.Write(bytes.Span);
        if (_body.Length > options.MaxBuffered)
        {
            _passing = true;
            await client.WriteAsync(_body.Memory, cancellationToken);
            _body.Clear();
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_passing || _body.Length == 0)
        {
            return;
        }

        using var translated = new PooledBytes();
        var source = _body;
        if (translator is not null)
        {
            translator.TranslateBody(_body.Span, translated);
            source = translated;
        }

        using var output = new PooledBytes(source.Length + 1024);
        await ChatBodyRewriter.RewriteAsync(source.Memory, options, settler, output, cancellationToken);
        response.ContentLength = output.Length;
        await client.WriteAsync(output.Memory, cancellationToken);
    }

    public ValueTask AbandonAsync() => ValueTask.CompletedTask;

    public void Dispose() => _body.Dispose();
}
