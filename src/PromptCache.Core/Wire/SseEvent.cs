using System.Buffers;

namespace PromptCache.Core.Wire;

/// <summary>Reads and rewrites the <c>data</c> of one server-sent event; its other lines, its line ends and a byte order mark stay as they are.</summary>
public static class SseEvent
{
    /// <summary>Finds the data.</summary>
    /// <param name="sseEvent">One event.</param>
    /// <param name="data">The data of the first <c>data</c> line.</param>
    /// <returns>How many <c>data</c> lines there are: with more than one, <see cref="JoinData"/> makes the data.</returns>
    public static int FindData(ReadOnlySpan<byte> sseEvent, out ByteRange data)
    {
        data = default;
        var count = 0;
        var lines = new SseLines(sseEvent);
        while (lines.MoveNext())
        {
            if (lines.IsData && count++ == 0)
            {
                data = lines.Data;
            }
        }

        return count;
    }

    /// <summary>Writes the data of all <c>data</c> lines, joined with LF as the standard says.</summary>
    public static void JoinData(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output)
    {
        var isFirst = true;
        var lines = new SseLines(sseEvent);
        while (lines.MoveNext())
        {
            if (lines.IsData)
            {
                output.Write(isFirst ? [] : "\n"u8);
                output.Write(lines.Data.Of(sseEvent));
                isFirst = false;
            }
        }
    }

    /// <summary>Writes the event with other data. A line of the data takes the place of a <c>data</c> line; what is over on either side is dropped, or goes into the last one.</summary>
    public static void WriteWithData(ReadOnlySpan<byte> sseEvent, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var left = FindData(sseEvent, out _);
        var isSpent = false;
        var written = 0;
        var lines = new SseLines(sseEvent);
        while (lines.MoveNext())
        {
            if (!lines.IsData)
            {
                output.Write(sseEvent[written..lines.LineEnd]);
            }
            else if (!isSpent)
            {
                var length = --left == 0 ? -1 : data.IndexOf((byte)'\n');
                output.Write(sseEvent[written..lines.Data.Start]);
                output.Write(length < 0 ? data : data[..length]);
                output.Write(sseEvent[lines.Data.End..lines.LineEnd]);
                isSpent = length < 0;
                data = isSpent ? [] : data[(length + 1)..];
            }

            written = lines.LineEnd;
        }
    }

    /// <summary>How the event ends its lines: the end of its first line, LF when it has none.</summary>
    public static ReadOnlySpan<byte> LineEndOf(ReadOnlySpan<byte> sseEvent)
    {
        var end = sseEvent.IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 || sseEvent[end] == (byte)'\n' ? "\n"u8 : sseEvent[end..].StartsWith("\r\n"u8) ? "\r\n"u8 : "\r"u8;
    }
}
