using PromptCache.Core.Responses;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Chooses by a reply's first bytes what becomes of it: upstreams do not always send what was asked for, or what they say they send.</summary>
/// <param name="response">Loses its length where the body may change.</param>
/// <param name="isEventStream">What the upstream calls its reply.</param>
/// <param name="settler">Settles a reply without a body.</param>
/// <param name="json">Makes what reads a JSON body.</param>
/// <param name="events">Makes what reads an event stream.</param>
/// <param name="other">Makes what passes on anything else.</param>
internal sealed class SniffedBody(HttpResponse response, bool isEventStream, ISettler settler, Func<IResponseBody> json, Func<IResponseBody> events, Func<IResponseBody> other) : IResponseBody
{
    /// <summary>White space in front of a body, in bytes: some providers keep a connection alive with it. No more than this waits for something that tells.</summary>
    private const int MaxSpace = 4096;

    private static readonly byte[] Mark = "\uFEFF"u8.ToArray();

    private readonly PooledBytes _front = new(256);
    private IResponseBody? _body;

    public ResponseFault Fault => _body?.Fault ?? ResponseFault.ResponseTruncated;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_body is not null)
        {
            return _body.WriteAsync(bytes, cancellationToken);
        }

        if (_front.Length == 0 && TryChoose(bytes.Span))
        {
            return _body!.WriteAsync(bytes, cancellationToken);
        }

        _front.Write(bytes.Span);
        return TryChoose(_front.Span) ? _body!.WriteAsync(_front.Memory, cancellationToken) : ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_body is null && _front.Length > 0)
        {
            Choose(isEventStream ? events : other);
            await _body!.WriteAsync(_front.Memory, cancellationToken);
        }

        if (_body is null)
        {
            await settler.SettleAsync(reported: null, completion: default, cancellationToken);
            return;
        }

        await _body.CompleteAsync(cancellationToken);
    }

    public ValueTask AbandonAsync() => _body?.AbandonAsync() ?? ValueTask.CompletedTask;

    public void Dispose()
    {
        _front.Dispose();
        _body?.Dispose();
    }

    private bool TryChoose(ReadOnlySpan<byte> front)
    {
        if (front.Length < Mark.Length && front.SequenceEqual(Mark.AsSpan(0, front.Length)))
        {
            return false;
        }

        var rest = (front.StartsWith(Mark) ? front[Mark.Length..] : front).TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty && front.Length <= MaxSpace)
        {
            return false;
        }

        // An event's line begins with a colon or with the name of a field: data, event, id, retry.
        Choose(rest is [(byte)'{' or (byte)'[', ..] ? json
            : isEventStream || rest is [(byte)':' or (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r', ..] ? events
            : rest.IsEmpty ? json
            : other);
        return true;
    }

    private void Choose(Func<IResponseBody> make)
    {
        if (make != other)
        {
            response.ContentLength = null;
        }

        _body = make();
    }
}
