using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Sends every byte on its own.</summary>
internal sealed class DribbleSink(IReplySink inner) : IReplySink
{
    public ValueTask BeginAsync(int? length) => inner.BeginAsync(length);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        for (var i = 0; i < unit.Length; i++)
        {
            await inner.WriteAsync(unit.Slice(i, 1));
        }
    }

    public ValueTask EndAsync() => inner.EndAsync();
}
