using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Waits before every unit.</summary>
internal sealed class SlowSink(IReplySink inner, Exchange exchange) : IReplySink
{
    /// <summary>The wait before each unit.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    public ValueTask BeginAsync(int? length) => inner.BeginAsync(length);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        await Task.Delay(Wait, exchange.Engine.Time, exchange.Aborted);
        await inner.WriteAsync(unit);
    }

    public ValueTask EndAsync() => inner.EndAsync();
}
