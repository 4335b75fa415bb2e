using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary><c>POST …/chat/completions</c>, at whatever path a provider's base URL puts it.</summary>
/// <remarks>
///   (1) Read and check the request
///   (2) Look its prefix up; what it adds becomes readable when the reply begins
///   (3) Make the answer, and what it used
///   (4) Send it when it is due
/// </remarks>
internal sealed class ChatCompletions : IOperation
{
    public IErrorShape Errors => OpenAIErrors.Instance;

    public bool Matches(string method, string path) => method == "POST" && path.EndsWith("/chat/completions", StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        if (!JsonBody.TryParse(exchange.Body, out var document, out var problem))
        {
            await Reply.RefuseAsync(exchange, Errors, new(400, $"We could not parse the JSON body of your request: {problem}"));
            return;
        }

        using var body = document;
        if (ChatValidator.Check(body.RootElement, exchange.Settings) is { } refusal)                     // (1)
        {
            await Reply.RefuseAsync(exchange, Errors, refusal);
            return;
        }

        var pace = new Pace(exchange);
        var model = exchange.Engine.Tokenizers.ForModel(body.RootElement.Member("model").GetString()!);
        var request = new ChatReader(model, exchange.Engine.Meter).Read(body.RootElement);
        var (prompt, write) = ChatCache.Look(exchange, request);                                         // (2)

        var seed = prompt.Digests is [] ? Digest.Of(request.Model) : prompt.Digests[^1];
        var completion = Completion.Make(exchange, model.Tokenizer, seed, request.Cap, request.Tools, exchange.Options.ReasoningTokens);   // (3)
        var facts = new UsageFacts(prompt.Total, write.Outcome, completion.Tokens, completion.Reasoning.Count, request.HasMarkers, request.AsksCost, exchange.Options);
        AddHeaders(exchange, facts);

        var reply = new ChatReply(exchange, request, completion, facts, pace);
        await (request.Stream ? reply.StreamAsync(write) : reply.SendAsync(write));                      // (4)
    }

    private static void AddHeaders(Exchange exchange, UsageFacts facts)
    {
        var headers = exchange.Response.Headers;
        headers["x-request-id"] = exchange.Engine.NewId("req_");
        headers["openai-processing-ms"] = "1";
        if (exchange.Settings.Usage.Always.HasFlag(UsagePlaces.Headers))
        {
            headers["fireworks-prompt-tokens"] = $"{facts.Prompt}";
            headers["fireworks-cached-prompt-tokens"] = $"{facts.Cache.Read}";
        }
    }
}
