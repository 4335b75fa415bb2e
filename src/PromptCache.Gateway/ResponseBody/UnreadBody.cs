using PromptCache.Core.Responses;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes on as it comes what cannot be read. It is billed all the same: its prompt, by the gateway's own count.</summary>
internal sealed class UnreadBody(Stream client, ISettler settler) : IResponseBody
{
    public ResponseFault Fault => ResponseFault.ResponseUnread;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => client.WriteAsync(bytes, cancellationToken);

    public async ValueTask CompleteAsync(CancellationToken cancellationToken) => await settler.SettleAsync(reported: null, completion: default, cancellationToken);

    public async ValueTask AbandonAsync() => await settler.SettleAsync(reported: null, completion: default, CancellationToken.None);

    public void Dispose()
    {
    }
}
