using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.OpenAI;

/// <summary><c>GET …/models</c>.</summary>
internal sealed class Models : IOperation
{
    private static readonly string[] Default = ["electron", "gpt-5-mini"];

    public IErrorShape Errors => OpenAIErrors.Instance;

    public bool Matches(string method, string path) => method == "GET" && path.EndsWith("/models", StringComparison.Ordinal);

    public Task RunAsync(Exchange exchange)
    {
        var names = exchange.Options.Models is { Count: > 0 } configured ? configured : Default;
        return Reply.JsonAsync(exchange, Errors, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. names.Select(n => new JsonObject { ["id"] = n, ["object"] = "model", ["created"] = 1_700_000_000, ["owned_by"] = "simulator" })]),
        });
    }
}
