using System.Text;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Faults;

/// <summary>Sends an error as an event after so many others, as providers do when they fail in the middle; then the stream ends.</summary>
internal sealed class ErrorEventSink(IReplySink inner, IErrorShape errors, int after) : IReplySink
{
    private int _left = after;
    private bool _isStream;

    public ValueTask BeginAsync(int? length)
    {
        _isStream = length is null;
        return inner.BeginAsync(length);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        if (!_isStream || _left > 0)
        {
            await inner.WriteAsync(unit);
        }
        else if (_left == 0)
        {
            var body = JsonBytes.TextOf(errors.Body(new(500, "The simulator was asked to fail in the middle.")));
            await inner.WriteAsync(Encoding.UTF8.GetBytes($"{(unit.Span.StartsWith("event:"u8) ? "event: error\n" : "")}data: {body}{(unit.Span.EndsWith("\r\n"u8) ? "\r\n\r\n" : "\n\n")}"));
        }

        _left--;
    }

    public ValueTask EndAsync() => inner.EndAsync();
}
