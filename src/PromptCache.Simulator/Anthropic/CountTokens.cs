using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Anthropic;

/// <summary><c>POST …/v1/messages/count_tokens</c>.</summary>
internal sealed class CountTokens : IOperation
{
    public IErrorShape Errors => AnthropicErrors.Instance;

    public bool Matches(string method, string path) => method == "POST" && path.EndsWith("/v1/messages/count_tokens", StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        if (!AnthropicGate.TryPass(exchange, needsMaxTokens: false, out var body, out var refusal))
        {
            await Reply.RefuseAsync(exchange, Errors, refusal);
            return;
        }

        using var document = body;
        await Reply.JsonAsync(exchange, Errors, new JsonObject { ["input_tokens"] = MessagesCache.Measure(exchange, document.RootElement).Total });
    }
}
