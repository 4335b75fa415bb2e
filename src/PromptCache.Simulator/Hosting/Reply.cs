using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Hosting;

/// <summary>Writes a reply, with the fault that the request asks for.</summary>
internal sealed class Reply
{
    private readonly Exchange _exchange;
    private readonly IReplySink _sink;
    private readonly string _lineEnd;

    private Reply(Exchange exchange, IErrorShape errors, string lineEnd = "\n")
    {
        (_exchange, _lineEnd) = (exchange, lineEnd);
        _sink = FaultTable.Wrap(new HttpReplySink(exchange), exchange, errors);
    }

    /// <summary>Answers with a JSON body; what the request wrote into the cache becomes readable with the headers.</summary>
    public static async Task JsonAsync(Exchange exchange, IErrorShape errors, JsonNode body, PendingWrite? write = null)
    {
        var bytes = JsonBytes.Of(body);
        var reply = new Reply(exchange, errors);
        exchange.Response.ContentType = "application/json";
        await reply._sink.BeginAsync(bytes.Length);
        write?.Commit();
        await reply._sink.WriteAsync(bytes);
        await reply._sink.EndAsync();
    }

    /// <summary>Refuses the request in the API's own shape. Faults are for replies that would have been good.</summary>
    public static async Task RefuseAsync(Exchange exchange, IErrorShape errors, Refusal refusal)
    {
        var bytes = JsonBytes.Of(errors.Body(refusal));
        exchange.Response.StatusCode = refusal.Status;
        exchange.Response.ContentType = "application/json";
        exchange.Response.ContentLength = bytes.Length;
        errors.AddHeaders(exchange.Response.Headers, refusal.Status);
        await exchange.Response.Body.WriteAsync(bytes, exchange.Aborted);
    }

    /// <summary>Begins a stream of events.</summary>
    public static async Task<Reply> BeginEventsAsync(Exchange exchange, IErrorShape errors, PendingWrite write, string lineEnd = "\n")
    {
        var reply = new Reply(exchange, errors, lineEnd);
        exchange.Response.ContentType = "text/event-stream; charset=utf-8";
        exchange.Response.Headers.CacheControl = "no-cache";
        await reply._sink.BeginAsync(null);
        write.Commit();
        return reply;
    }

    /// <summary>Sends one event; its name is left out when it is null.</summary>
    public ValueTask EventAsync(string? name, JsonNode data) => EventAsync(name, JsonBytes.TextOf(data));

    public ValueTask EventAsync(string? name, string data)
        => _sink.WriteAsync(Encoding.UTF8.GetBytes(name is null ? $"data: {data}{_lineEnd}{_lineEnd}" : $"event: {name}{_lineEnd}data: {data}{_lineEnd}{_lineEnd}"));

    public async Task EndAsync()
    {
        await _sink.EndAsync();
        _exchange.Aborted.ThrowIfCancellationRequested();
    }
}
