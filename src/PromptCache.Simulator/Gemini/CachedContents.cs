using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary><c>…/v1beta/cachedContents</c>: create, list, get, patch (the lifetime only), delete.</summary>
internal sealed class CachedContents : IOperation
{
    private const string Collection = "/cachedContents";

    public IErrorShape Errors => GeminiErrors.Instance;

    public bool Matches(string method, string path) => path.Contains(Collection, StringComparison.Ordinal);

    public async Task RunAsync(Exchange exchange)
    {
        var answer = Answer(exchange, out var refusal);
        await (answer is null ? Reply.RefuseAsync(exchange, Errors, refusal!) : Reply.JsonAsync(exchange, Errors, answer));
    }

    private static JsonObject? Answer(Exchange exchange, out Refusal? refusal)
    {
        refusal = GeminiGate.Check(exchange.Request);
        if (refusal is not null)
        {
            return null;
        }

        JsonDocument? document = null;
        if (exchange.Request.Method is "POST" or "PATCH" && !JsonBody.TryParse(exchange.Body, out document, out var problem))
        {
            refusal = new(400, $"Invalid JSON payload received. {problem}");
            return null;
        }

        using (document)
        {
            var path = exchange.Request.Path.Value!;
            var id = path[(path.IndexOf(Collection, StringComparison.Ordinal) + Collection.Length)..].Trim('/');
            return (exchange.Request.Method, id) switch
            {
                ("POST", "") => Create(exchange, document!.RootElement, out refusal),
                ("GET", "") => new() { ["cachedContents"] = new JsonArray([.. exchange.Engine.Contents.Of(exchange.Credential).Select(Write)]) },
                (_, not "") => WithExisting(exchange, $"cachedContents/{id}", document, out refusal),
                _ => Refuse(new(405, "Method not allowed."), out refusal),
            };
        }
    }

    private static JsonObject? WithExisting(Exchange exchange, string name, JsonDocument? document, out Refusal? refusal)
    {
        refusal = null;
        if (!exchange.Engine.Contents.TryGet(name, exchange.Credential, out var content))
        {
            return Refuse(new(404, "CachedContent not found (or permission denied)"), out refusal);
        }

        switch (exchange.Request.Method)
        {
            case "GET":
                return Write(content);
            case "PATCH":
                return Patch(exchange, content, document!.RootElement, out refusal);
            case "DELETE":
                exchange.Engine.Contents.Remove(name);
                return [];
            default:
                return Refuse(new(405, "Method not allowed."), out refusal);
        }
    }

    private static JsonObject? Create(Exchange exchange, JsonElement root, out Refusal? refusal)
    {
        refusal = null;
        var engine = exchange.Engine;
        var now = engine.Time.GetUtcNow();
        var model = root.FieldText("model");
        if (GeminiValidator.CacheProblems(root).FirstOrDefault() is { } problem)
        {
            return Refuse(new(400, problem), out refusal);
        }

        if (!model.StartsWith("models/", StringComparison.Ordinal))
        {
            return Refuse(new(400, "* CreateCachedContentRequest.cached_content.model: model is required and has the form models/{model}.\n"), out refusal);
        }

        if (CacheLifetime.Read(root, now, out var expires) is { } wrong)
        {
            return Refuse(new(400, wrong), out refusal);
        }

        var tokenizer = engine.Tokenizers.ForModel(model["models/".Length..]);
        var parts = GeminiPrompt.Parts(root, tokenizer, engine.Meter);
        var tokens = engine.Meter.Measure(default, parts, "", tail: 0, tokenizer.Tokenizer).Total;
        if (tokens < GeminiModels.MinTokens(model))
        {
            return Refuse(new(400, $"Cached content is too small. total_token_count={tokens}, min_total_token_count={GeminiModels.MinTokens(model)}"), out refusal);
        }

        var content = new CachedContent(engine.NewId("cachedContents/sim"), exchange.Credential, model, root.FieldText("displayName"), parts, tokens, now, now, expires);
        engine.Contents.Put(content);
        return Write(content);
    }

    private static JsonObject? Patch(Exchange exchange, CachedContent content, JsonElement root, out Refusal? refusal)
    {
        refusal = null;
        var now = exchange.Engine.Time.GetUtcNow();
        var problem = GeminiFields.Unknown(root, "CachedContent", "").FirstOrDefault()
            ?? root.Members().Where(m => m.Name is not ("ttl" or "expireTime" or "expire_time" or "name")).Select(m => $"{m.Name} can not be updated: only ttl and expire_time can.").FirstOrDefault()
            ?? CacheLifetime.Read(root, now, out _);
        if (problem is not null)
        {
            return Refuse(new(400, problem), out refusal);
        }

        CacheLifetime.Read(root, now, out var expires);
        content = content with { Updated = now, Expires = expires };
        exchange.Engine.Contents.Put(content);
        return Write(content);
    }

    private static JsonObject? Refuse(Refusal reason, out Refusal? refusal)
    {
        refusal = reason;
        return null;
    }

    private static JsonObject Write(CachedContent content) => new()
    {
        ["name"] = content.Name,
        ["model"] = content.Model,
        ["displayName"] = content.DisplayName,
        ["createTime"] = content.Created.ToString("O"),
        ["updateTime"] = content.Updated.ToString("O"),
        ["expireTime"] = content.Expires.ToString("O"),
        ["usageMetadata"] = new JsonObject { ["totalTokenCount"] = content.Tokens },
    };
}
