using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary><c>POST …/v1/messages</c>.</summary>
/// <remarks>
///   (1) Check headers and body as Anthropic does
///   (2) Look the prefix up from its breakpoints; what it adds becomes readable when the reply begins
///   (3) Make the answer
///   (4) Send it when it is due
/// </remarks>
internal sealed class Messages : IOperation
{
    // What the model thinks when thinking is on and the settings name no number.
    private const int ThinkingTokens = 16;

    public IErrorShape Errors => AnthropicErrors.Instance;

    public bool Matches(string method, string path) => method == "POST" && path.EndsWith("/v1/messages", StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        if (!AnthropicGate.TryPass(exchange, needsMaxTokens: true, out var body, out var refusal))     // (1)
        {
            await Reply.RefuseAsync(exchange, Errors, refusal);
            return;
        }

        using var document = body;
        var root = document.RootElement;
        var pace = new Pace(exchange);
        var (prompt, write) = MessagesCache.Look(exchange, root);                                      // (2)

        var tokenizer = exchange.Engine.Tokenizers.ForModel(root.Text("model")).Tokenizer;
        var seed = prompt.Digests is [] ? Digest.Of(root.Text("model")) : prompt.Digests[^1];
        var tools = root.Member("tools").Items().ToDictionary(t => t.Text("name"), t => t.Member("input_schema"), StringComparer.Ordinal);
        var thinking = ThinkingRules.IsOn(root) ? Math.Max(exchange.Options.ReasoningTokens, ThinkingTokens) : 0;
        var completion = Completion.Make(exchange, tokenizer, seed, root.Int("max_tokens"), tools, thinking);   // (3)

        exchange.Response.Headers["request-id"] = exchange.Engine.NewId("req_");
        var reply = new MessagesReply(exchange, root.Text("model"), completion, prompt.Total, write.Outcome, pace);
        await (root.Member("stream").IsTrue() ? reply.StreamAsync(write) : reply.SendAsync(write));             // (4)
    }
}
