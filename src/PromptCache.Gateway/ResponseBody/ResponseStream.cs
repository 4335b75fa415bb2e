namespace PromptCache.Gateway.ResponseBody;

/// <summary>Stands in for the client's body while the forwarder copies: hands every byte to the <see cref="IResponseBody"/> that the response's headers called for.</summary>
internal sealed class ResponseStream(Stream client, TimeProvider time) : Stream
{
    private IResponseBody _body = new PassThroughBody(client);
    private ClientStage? _stage;

    /// <summary>When the first byte of the upstream's body came, as a timestamp of the clock; 0: none yet.</summary>
    public long FirstByte { get; private set; }

    /// <summary>What was wrong with the response; known once it is complete.</summary>
    public ResponseFault Fault => _body.Fault;

    /// <summary>Where the bytes go: the client's own body, or what stands in front of it.</summary>
    public Stream Client => _stage ?? client;

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

    /// <summary>Puts a stage between what becomes of the bytes and the client; before <see cref="Use"/>.</summary>
    public void Through(ClientStage stage)
    {
        _stage = stage;
        Use(new PassThroughBody(stage));
    }

    /// <summary>The upstream is done, without an error.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await _body.CompleteAsync(cancellationToken);
        if (_stage is not null)
        {
            await _stage.CompleteAsync(cancellationToken);
        }
    }

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
        _stage?.Dispose();
        base.Dispose(disposing);
    }
}
