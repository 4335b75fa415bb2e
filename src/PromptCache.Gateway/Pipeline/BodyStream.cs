namespace PromptCache.Gateway.Pipeline;

/// <summary>A read-only stream over memory that somebody else owns: what the forwarder reads as the request's body.</summary>
/// <remarks>Once disposed it reads nothing more: a sender that outlives its request must not send what the memory holds then.</remarks>
internal sealed class BodyStream(ReadOnlyMemory<byte> body) : Stream
{
    private readonly Lock _gate = new();
    private readonly int _length = body.Length;
    private int _position;
    private bool _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var count = Math.Min(buffer.Length, _length - _position);
            body.Span.Slice(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        base.Dispose(disposing);
    }
}
