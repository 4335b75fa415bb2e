using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Sends so many units, then nothing until the client leaves.</summary>
internal sealed class HangingSink(IReplySink inner, Exchange exchange, int after) : IReplySink
{
    private int _left = after;

    // The announced length is kept: a client sees a body that does not come.
    public ValueTask BeginAsync(int? length)
    {
        _left = length is null ? _left : 0;
        return inner.BeginAsync(length);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        if (_left-- <= 0)
        {
            await ReplacedReply.HangAsync(exchange);
        }

        await inner.WriteAsync(unit);
    }

    public ValueTask EndAsync() => inner.EndAsync();
}
