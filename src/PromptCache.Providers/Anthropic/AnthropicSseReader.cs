using System.Buffers;

namespace PromptCache.Providers.Anthropic;

/// <summary>Takes the data out of server-sent events: any line ending, several data lines joined, comments and other fields skipped.</summary>
internal ref struct AnthropicSseReader(ReadOnlySpan<byte> events)
{
    private ReadOnlySpan<byte> _rest = events;
    private ArrayBufferWriter<byte>? _joined;

    /// <summary>The data of the event that was found.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Finds the next event that has data. One that is not ended by a blank line counts too: the caller hands over complete events.</summary>
    public bool MoveNext()
    {
        Data = default;
        var lines = 0;
        while (!_rest.IsEmpty)
        {
            var line = TakeLine();
            if (line.IsEmpty)
            {
                if (lines > 0)
                {
                    return true;
                }
            }
            else if (line.StartsWith("data:"u8))
            {
                AddLine(line[5..], lines++);
            }
        }

        return lines > 0;
    }

    private void AddLine(ReadOnlySpan<byte> data, int before)
    {
        data = data is [(byte)' ', .. var text] ? text : data;
        if (before == 0)
        {
            Data = data;
            return;
        }

        var joined = new ArrayBufferWriter<byte>(Data.Length + data.Length + 1);
        joined.Write(Data);
        joined.Write("\n"u8);
        joined.Write(data);
        _joined = joined;
        Data = _joined.WrittenSpan;
    }

    private ReadOnlySpan<byte> TakeLine()
    {
        var end = _rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            var last = _rest;
            _rest = default;
            return last;
        }

        var line = _rest[..end];
        var next = end + (_rest[end..].StartsWith("\r\n"u8) ? 2 : 1);
        _rest = _rest[next..];
        return line;
    }
}
