using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Holds an error of a translated protocol until it is whole, and writes it in OpenAI's shape.</summary>
internal sealed class TranslatedErrorBody(HttpResponse response, Stream client, IResponseTranslator translator, int status) : IResponseBody
{
    private const int MaxBytes = 1 << 20;

    private readonly PooledBytes _body = new();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _body.Write(bytes.Span[..Math.Min(bytes.Length, MaxBytes - _body.Length)]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        using var output = new PooledBytes();
        translator.TranslateError(status, _body.Span, output);
        response.ContentType = "application/json";
        response.ContentLength = output.Length;
        await client.WriteAsync(output.Memory, cancellationToken);
    }

    public ValueTask AbandonAsync() => ValueTask.CompletedTask;

    public void Dispose() => _body.Dispose();
}
