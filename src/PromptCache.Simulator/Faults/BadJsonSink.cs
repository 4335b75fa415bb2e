using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Drops the last brace of a JSON body, or of one event; everything else is as it should be.</summary>
internal sealed class BadJsonSink(IReplySink inner, int after) : IReplySink
{
    private int _left = after;

    public ValueTask BeginAsync(int? length)
    {
        _left = length is null ? _left : 0;
        return inner.BeginAsync(length - 1);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        if (_left-- == 0 && unit.Span.LastIndexOf((byte)'}') is >= 0 and var brace)
        {
            unit = (byte[])[.. unit.Span[..brace], .. unit.Span[(brace + 1)..]];
        }

        await inner.WriteAsync(unit);
    }

    public ValueTask EndAsync() => inner.EndAsync();
}
