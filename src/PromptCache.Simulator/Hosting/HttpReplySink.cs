namespace PromptCache.Simulator.Hosting;

/// <summary>The reply as it should be.</summary>
internal sealed class HttpReplySink(Exchange exchange) : IReplySink
{
    public async ValueTask BeginAsync(int? length)
    {
        exchange.Response.ContentLength = length;
        await exchange.Response.StartAsync(exchange.Aborted);
        await exchange.Response.BodyWriter.FlushAsync(exchange.Aborted);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> unit)
    {
        exchange.Aborted.ThrowIfCancellationRequested();
        await exchange.Response.BodyWriter.WriteAsync(unit, exchange.Aborted);
    }

    public ValueTask EndAsync() => ValueTask.CompletedTask;
}
