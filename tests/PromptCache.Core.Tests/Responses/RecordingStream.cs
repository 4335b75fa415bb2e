using System.Text;

namespace PromptCache.Core.Tests.Responses;

/// <summary>Keeps every write apart.</summary>
internal sealed class RecordingStream : Stream
{
    public List<string> Writes { get; } = [];

    public string Text => string.Concat(Writes);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writes.Add(Encoding.Latin1.GetString(buffer.Span));   // one char per byte, so that pieces of a character survive
        return ValueTask.CompletedTask;
    }

    public override void Flush() => throw new NotSupportedException("Flushing is the caller's business.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
