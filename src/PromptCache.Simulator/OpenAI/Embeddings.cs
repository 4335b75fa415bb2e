using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary><c>POST …/embeddings</c>: eight numbers that depend on the text alone.</summary>
internal sealed class Embeddings : IOperation
{
    public IErrorShape Errors => OpenAIErrors.Instance;

    public bool Matches(string method, string path) => method == "POST" && path.EndsWith("/embeddings", StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        if (!JsonBody.TryParse(exchange.Body, out var document, out var problem))
        {
            await Reply.RefuseAsync(exchange, Errors, new(400, problem));
            return;
        }

        using var body = document;
        var model = body.RootElement.Text("model");
        var input = body.RootElement.Member("input");
        byte[][] texts = input.Is(JsonValueKind.Array) ? [.. input.Items().Select(JsonText.Utf8)] : [JsonText.Utf8(input)];
        var tokenizer = exchange.Engine.Tokenizers.ForModel(model).Tokenizer;
        var tokens = texts.Sum(t => exchange.Engine.Meter.Count(t, tokenizer));
        await Reply.JsonAsync(exchange, Errors, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. texts.Select((t, i) => new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = Vector(t) })]),
            ["model"] = model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        });
    }

    private static JsonArray Vector(byte[] text)
    {
        var digest = Digest.Of(text);
        return [.. Enumerable.Range(0, 8).Select(i => JsonValue.Create(((int)(ushort)(digest >> (i * 16)) - 32768) / 65536.0))];
    }
}
