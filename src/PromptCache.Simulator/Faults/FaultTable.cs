using System.Collections.Frozen;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>The faults by name: those that replace the reply, and those that spoil it.</summary>
internal static class FaultTable
{
    private static readonly FrozenDictionary<string, Func<Exchange, Task>> Instead = new Dictionary<string, Func<Exchange, Task>>
    {
        ["hang"] = ReplacedReply.HangAsync,
        ["connect-reset"] = ReplacedReply.ResetAsync,
        ["html-502"] = ReplacedReply.HtmlAsync,
        ["empty"] = ReplacedReply.EmptyAsync,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<IReplySink, Exchange, IErrorShape, Fault, IReplySink>> Spoilt
        = new Dictionary<string, Func<IReplySink, Exchange, IErrorShape, Fault, IReplySink>>
        {
            ["hang-after-headers"] = static (sink, exchange, _, _) => new HangingSink(sink, exchange, after: 0),
            ["hang-mid-stream"] = static (sink, exchange, _, fault) => new HangingSink(sink, exchange, fault.After),
            ["cut"] = static (sink, exchange, _, fault) => new CutSink(sink, exchange, fault.After, midEvent: false),
            ["cut-mid-event"] = static (sink, exchange, _, fault) => new CutSink(sink, exchange, fault.After, midEvent: true),
            ["error-event"] = static (sink, _, errors, fault) => new ErrorEventSink(sink, errors, fault.After),
            ["slow"] = static (sink, exchange, _, _) => new SlowSink(sink, exchange),
            ["dribble"] = static (sink, _, _, _) => new DribbleSink(sink),
            ["bad-json"] = static (sink, _, _, fault) => new BadJsonSink(sink, fault.After),
            ["bad-sse"] = static (sink, _, _, _) => new BadSseSink(sink),
            ["huge-headers"] = static (sink, exchange, _, _) => new HugeHeadersSink(sink, exchange),
            ["gzip"] = static (sink, exchange, _, _) => new GzipSink(sink, exchange),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Instead.Keys.Concat(Spoilt.Keys).Order(StringComparer.Ordinal);

    /// <summary>Does what is to happen in place of a reply; false: there is to be a reply.</summary>
    public static async Task<bool> TryAnswerInsteadAsync(Exchange exchange, IErrorShape errors)
    {
        if (exchange.Settings.Fault is not { } fault)
        {
            return false;
        }

        if (fault.Status > 0)
        {
            await Reply.RefuseAsync(exchange, errors, new(fault.Status, $"The simulator was asked for a {fault.Status}."));
            return true;
        }

        if (!Instead.TryGetValue(fault.Name, out var answer))
        {
            return false;
        }

        await answer(exchange);
        return true;
    }

    /// <summary>Puts the fault of the request in front of the reply; without one the reply stays what it is.</summary>
    public static IReplySink Wrap(IReplySink sink, Exchange exchange, IErrorShape errors)
        => exchange.Settings.Fault is { } fault && Spoilt.TryGetValue(fault.Name, out var wrap) ? wrap(sink, exchange, errors, fault) : sink;
}
