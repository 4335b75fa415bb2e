using System.CommandLine;
using PromptCache.Gateway.Commands;

var root = new RootCommand("PromptCache: a caching reverse proxy for OpenAI-compatible chat completions.")
{
    ServeCommand.Urls,
    ServeCommand.Config,
    ServeCommand.Create(),
    DemoCommand.Create(),
    TokenizeCommand.Create(),
    ExplainCommand.Create(),
    PricesCommand.Create(),
    HealthCommand.Create(),
};
root.SetAction(ServeCommand.RunAsync);

// The host itself waits for running requests on SIGTERM; the library's own patience of two seconds would cut them off.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
try
{
    return await root.Parse(args).InvokeAsync(invocation);
}
catch (Exception exception)
{
    return await CommandFailure.TellAsync(exception);
}
