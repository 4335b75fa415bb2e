using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>Puts 80 kB of headers in front of the reply: more than clients take by default.</summary>
internal sealed class HugeHeadersSink(IReplySink inner, Exchange exchange) : IReplySink
{
    public ValueTask BeginAsync(int? length)
    {
        for (var i = 0; i < 80; i++)
        {
            exchange.Response.Headers[$"x-sim-padding-{i}"] = new string('x', 1024);
        }

        return inner.BeginAsync(length);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> unit) => inner.WriteAsync(unit);

    public ValueTask EndAsync() => inner.EndAsync();
}
