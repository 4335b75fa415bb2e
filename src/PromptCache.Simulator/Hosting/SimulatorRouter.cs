using PromptCache.Simulator.Faults;

namespace PromptCache.Simulator.Hosting;

/// <summary>Takes a request in, finds the operation that it is for, and lets it answer or fail as asked.</summary>
internal sealed class SimulatorRouter(SimulatorEngine engine, IReadOnlyList<IOperation> operations)
{
    public async Task HandleAsync(HttpContext http)
    {
        Exchange? exchange = null;
        try
        {
            var body = await ReadBodyAsync(http.Request, http.RequestAborted);
            engine.Log.Add(http.Request, body, engine.Options.RecordRequests);

            var operation = operations.First(o => o.Matches(http.Request.Method, http.Request.Path.Value ?? "/"));
            if (!CallSettings.TryRead(engine.Options, http.Request.Headers, out var settings, out var problem))
            {
                CallSettings.TryRead(new(), new HeaderDictionary(), out settings, out _);
                await Reply.RefuseAsync(new(http, engine, settings!, body), operation.Errors, new(400, problem, "simulator"));
                return;
            }

            if (settings.Fault is not null && settings.Options.ErrorTimes is not null && !engine.SpendFault())
            {
                settings = settings with { Fault = null };
            }

            exchange = new(http, engine, settings, body);
            if (!await FaultTable.TryAnswerInsteadAsync(exchange, operation.Errors))
            {
                await operation.RunAsync(exchange);
            }
        }
        catch (Exception exception) when (exchange is not { WasCut: true } && http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // Nobody is left to answer; what remains is to say that the client hung up.
            engine.Log.AddAborted();
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken aborted)
    {
        using var buffer = new MemoryStream(capacity: (int)Math.Clamp(request.ContentLength ?? 0, 0, 64 << 20));
        await request.Body.CopyToAsync(buffer, aborted);
        return buffer.ToArray();
    }
}
