namespace PromptCache.Gateway.ResponseBody;

/// <summary>What becomes of a response's bytes on their way to the client.</summary>
internal interface IResponseBody : IDisposable
{
    /// <summary>What was wrong with the response; known once it is complete.</summary>
    ResponseFault Fault => ResponseFault.None;

    /// <summary>Takes bytes of the upstream as they come.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>The upstream is done: writes what is still owed.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);

    /// <summary>The upstream broke off, or the client left: what was seen is settled, and nothing is written any more.</summary>
    ValueTask AbandonAsync();
}
