using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary><c>POST …/responses</c>, as much of it as a proxy has to pass through: text in, text out, usage, the main events.</summary>
internal sealed class Responses : IOperation
{
    public IErrorShape Errors => OpenAIErrors.Instance;

    public bool Matches(string method, string path) => method == "POST" && path.EndsWith("/responses", StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        if (!JsonBody.TryParse(exchange.Body, out var document, out var problem))
        {
            await Reply.RefuseAsync(exchange, Errors, new(400, problem));
            return;
        }

        using var body = document;
        var root = body.RootElement;
        var pace = new Pace(exchange);
        var tokenizer = exchange.Engine.Tokenizers.ForModel(root.Text("model")).Tokenizer;
        var input = CompactJson.Of(root.Member("input"));
        var completion = Completion.Make(exchange, tokenizer, Digest.Of(input), root.Int("max_output_tokens"), new Dictionary<string, JsonElement>(), exchange.Options.ReasoningTokens);
        var (promptTokens, output) = (exchange.Engine.Meter.Count(input, tokenizer), completion.Tokens + completion.Reasoning.Count);
        var text = string.Concat(completion.Words);
        var response = new JsonObject
        {
            ["id"] = exchange.Engine.NewId("resp_"),
            ["object"] = "response",
            ["created_at"] = exchange.Engine.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["status"] = "completed",
            ["model"] = root.Text("model"),
            ["output"] = new JsonArray(new JsonObject
            {
                ["type"] = "message",
                ["id"] = exchange.Engine.NewId("msg_"),
                ["role"] = "assistant",
                ["status"] = "completed",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() }),
            }),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = promptTokens,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                ["output_tokens"] = output,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = completion.Reasoning.Count },
                ["total_tokens"] = promptTokens + output,
            },
        };

        await pace.UntilAsync(root.Member("stream").IsTrue() ? 0 : Math.Max(0, output - 1));
        if (!root.Member("stream").IsTrue())
        {
            await Reply.JsonAsync(exchange, Errors, response);
            return;
        }

        var reply = await Reply.BeginEventsAsync(exchange, Errors, PendingWrite.Nothing);
        await reply.EventAsync("response.created", new JsonObject { ["type"] = "response.created", ["response"] = new JsonObject { ["id"] = response["id"]!.DeepClone(), ["status"] = "in_progress" } });
        foreach (var (piece, tokens) in Completion.Pieces(completion.Words, exchange.Options.TokensPerChunk))
        {
            await pace.UntilAsync(tokens - 1);
            await reply.EventAsync("response.output_text.delta", new JsonObject { ["type"] = "response.output_text.delta", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = piece });
        }

        await reply.EventAsync("response.completed", new JsonObject { ["type"] = "response.completed", ["response"] = response });
        await reply.EndAsync();
    }
}
