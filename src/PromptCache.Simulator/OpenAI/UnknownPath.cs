using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Everything else: a 404 in OpenAI's shape.</summary>
internal sealed class UnknownPath : IOperation
{
    public IErrorShape Errors => OpenAIErrors.Instance;

    public bool Matches(string method, string path) => true;

    public Task RunAsync(Exchange exchange)
        => Reply.RefuseAsync(exchange, Errors, new(404, $"Invalid URL ({exchange.Request.Method} {exchange.Request.Path})"));
}
