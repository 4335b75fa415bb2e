using PromptCache.Core.Responses;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Passes an event stream on, event by event; only the event that holds usage is rewritten.</summary>
internal sealed class EventStreamBody(Stream client, ChatStreamRewriter rewriter) : IResponseBody
{
    public ResponseFault Fault => FaultOf(rewriter);

    /// <summary>What was wrong with a stream.</summary>
    public static ResponseFault FaultOf(ChatStreamRewriter rewriter)
        => rewriter.SawError ? ResponseFault.ResponseErrorEvent : rewriter.Truncated ? ResponseFault.ResponseTruncated : ResponseFault.None;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => rewriter.WriteAsync(bytes, client, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => rewriter.CompleteAsync(client, cancellationToken);

    public ValueTask AbandonAsync() => rewriter.CompleteAsync(Stream.Null, CancellationToken.None);

    public void Dispose() => rewriter.Dispose();
}
