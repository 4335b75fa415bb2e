namespace PromptCache.Core.Wire;

/// <summary>The lines of one server-sent event, in order.</summary>
internal ref struct SseLines(ReadOnlySpan<byte> sseEvent)
{
    private readonly ReadOnlySpan<byte> _event = sseEvent;
    private int _next = sseEvent.StartsWith("\uFEFF"u8) ? 3 : 0;   // a byte order mark may open the stream

    /// <summary>The line without its end.</summary>
    public ByteRange Line { get; private set; }

    /// <summary>The first byte behind the line's end.</summary>
    public readonly int LineEnd => _next;

    /// <summary>The part of the line behind <c>data:</c> and its optional space; only when <see cref="IsData"/>.</summary>
    public ByteRange Data { get; private set; }

    /// <summary>Whether the line is a <c>data</c> field.</summary>
    public bool IsData { get; private set; }

    public bool MoveNext()
    {
        if (_next >= _event.Length)
        {
            return false;
        }

        var start = _next;
        var length = _event[start..].IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0)
        {
            length = _event.Length - start;
            _next = _event.Length;
        }
        else
        {
            var end = start + length;
            _next = end + (_event[end..].StartsWith("\r\n"u8) ? 2 : 1);
        }

        Line = new ByteRange(start, length);
        ReadField();
        return true;
    }

    private void ReadField()
    {
        var line = Line.Of(_event);
        IsData = line.StartsWith("data"u8) && (line.Length == 4 || line[4] == (byte)':');
        if (IsData)
        {
            var skip = line.Length == 4 ? 4 : line.Length > 5 && line[5] == (byte)' ' ? 6 : 5;
            Data = new ByteRange(Line.Start + skip, Line.Length - skip);
        }
    }
}
