namespace PromptCache.Gateway.ResponseBody;

/// <summary>Stands in for the client's body while the forwarder copies: hands every byte to the <see cref="IResponseBody"/> that the response's headers called for.</summary>
internal sealed class ResponseStream(Stream client, TimeProvider time) : Stream
{
    private IResponseBody _body = new PassThroughBody(client);

    /// <summary>When the first byte of the upstream's body came, as a timestamp of the clock; 0: none yet.</summary>
    public long FirstByte { get; private set; }

    /// <summary>The client's own body.</summary>
    public Stream Client => client;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Says what becomes of the bytes; before the first of them.</summary>
    public void Use(IResponseBody body)
    {
        _body.Dispose();
        _body = body;
    }

    /// <summary>The upstream is done, without an error.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _body.CompleteAsync(cancellationToken);

    /// <summary>The upstream broke off, or the client left.</summary>
    public ValueTask AbandonAsync() => _body.AbandonAsync();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (FirstByte == 0)
        {
            FirstByte = time.GetTimestamp();
        }

        return _body.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Asynchronous only.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronous only.");

    protected override void Dispose(bool disposing)
    {
        _body.Dispose();
        base.Dispose(disposing);
    }
}
