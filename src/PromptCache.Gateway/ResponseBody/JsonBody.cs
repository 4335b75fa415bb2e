using PromptCache.Core.Responses;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Holds a JSON response until it is whole, and writes it with the final figures.</summary>
/// <param name="response">Gets the new length.</param>
/// <param name="client">The client's body.</param>
/// <param name="options">How it is rewritten. A body that is longer than may be held passes on unread.</param>
/// <param name="settler">Settles it.</param>
/// <param name="translator">Says it as a chat completion; null: it is one.</param>
/// <param name="mustHold">A body that is too long may not pass: it has to be translated, or was small as it came.</param>
internal sealed class JsonBody(HttpResponse response, Stream client, RewriteOptions options, ISettler settler, IResponseTranslator? translator, bool mustHold) : IResponseBody
{
    private readonly PooledBytes _body = new();
    private bool _passing;

    public ResponseFault Fault { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_passing)
        {
            await client.WriteAsync(bytes, cancellationToken);
            return;
        }

        _body.Write(bytes.Span);
        if (_body.Length <= options.MaxBuffered)
        {
            return;
        }

        if (mustHold)
        {
            throw new InvalidDataException($"A reply is longer than {options.MaxBuffered} bytes.");
        }

        _passing = true;
        await client.WriteAsync(_body.Memory, cancellationToken);
        _body.Clear();
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_passing)
        {
            Fault = ResponseFault.ResponseUnread;
            await settler.SettleAsync(reported: null, completion: default, cancellationToken);
            return;
        }

        using var translated = new PooledBytes();
        using var output = new PooledBytes(_body.Length + 1024);
        Fault = await ChatBodyRewriter.RewriteAsync(Translate(translated), options, settler, output, cancellationToken) == BodyReading.Unread ? ResponseFault.ResponseUnread : ResponseFault.None;
        response.ContentLength = output.Length;
        await client.WriteAsync(output.Memory, cancellationToken);
    }

    public async ValueTask AbandonAsync()
    {
        using var translated = new PooledBytes();
        using var nobody = new PooledBytes();
        await ChatBodyRewriter.RewriteAsync(Translate(translated), options, settler, nobody, CancellationToken.None);
    }

    public void Dispose() => _body.Dispose();

    private ReadOnlyMemory<byte> Translate(PooledBytes translated)
    {
        if (translator is null)
        {
            return _body.Memory;
        }

        translator.TranslateBody(ByteOrderMark.Skip(_body.Span), translated);
        return translated.Memory;
    }
}
