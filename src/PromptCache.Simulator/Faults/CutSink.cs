using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Closes the connection after so many units, or in the middle of the next one. A body of one unit is cut in half.</summary>
internal sealed class CutSink(IReplySink inner, Exchange exchange, int after, bool midEvent) : IReplySink
{
    private int _left = after;
    private bool _midUnit = midEvent;

    public ValueTask BeginAsync(int? length)
    {
        (_left, _midUnit) = length is null ? (_left, _midUnit) : (0, true);
        return inner.BeginAsync(length);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        if (_left-- > 0)
        {
            await inner.WriteAsync(unit);
            return;
        }

        if (_midUnit)
        {
            await inner.WriteAsync(unit[..(unit.Length / 2)]);
        }

        await CutAsync();
    }

    // A stream shorter than asked for ends without its last chunk as well.
    public async ValueTask EndAsync() => await CutAsync();

    // An exception, not an abort: the server then sends what was written and closes the connection without the last chunk,
    // whereas an abort drops what still waits.
    private async Task CutAsync()
    {
        await exchange.Response.Body.FlushAsync(exchange.Aborted);
        exchange.WasCut = true;
        throw new IOException("The simulator cut the connection.");
    }
}
