namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes every byte on as it comes.</summary>
internal sealed class PassThroughBody(Stream client) : IResponseBody
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => client.WriteAsync(bytes, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask AbandonAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }
}
