using System.Text;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>
/// A stream at the edge of the format: a byte order mark, comments, an event of no known name with a body that is no JSON, CRLF and LF mixed,
/// data without the space behind the colon, and at the end no blank line.
/// </summary>
internal sealed class BadSseSink(IReplySink inner) : IReplySink
{
    private int _events;
    private bool _isStream;
    private byte[] _held = [];

    public ValueTask BeginAsync(int? length)
    {
        _isStream = length is null;
        return inner.BeginAsync(length);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        if (!_isStream)
        {
            await inner.WriteAsync(unit);
            return;
        }

        var text = Encoding.UTF8.GetString(unit.Span);
        var odd = (_events++ % 4) switch
        {
            0 => ": keep-alive\n\n" + text,
            1 => text.ReplaceLineEndings("\r\n"),
            2 => "event: x-unheard-of\nid: 7\nretry: 10\ndata: not json\n\n" + text.Replace("data: ", "data:", StringComparison.Ordinal),
            _ => "\n\n:\n\n" + text,
        };
        await inner.WriteAsync(_held);
        _held = Encoding.UTF8.GetBytes(_events == 1 ? "\uFEFF" + odd : odd);
    }

    public async ValueTask EndAsync()
    {
        await inner.WriteAsync(_held.AsMemory().TrimEnd("\r\n"u8.ToArray()));
        await inner.EndAsync();
    }
}
