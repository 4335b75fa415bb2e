using System.Text.Json;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary><c>POST …/models/{model}:generateContent</c> and <c>:streamGenerateContent</c>.</summary>
internal sealed class GenerateContent : IOperation
{
    // What the model thinks when thoughts are asked for and the settings name no number.
    private const int ThinkingTokens = 16;

    private static readonly TimeSpan ImplicitTtl = TimeSpan.FromMinutes(5);

    public IErrorShape Errors => GeminiErrors.Instance;

    public bool Matches(string method, string path)
        => method == "POST" && (path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal));

    public async Task RunAsync(Exchange exchange)
    {
        var pace = new Pace(exchange);
        if (!TryRead(exchange, out var call, out var refusal))
        {
            await Reply.RefuseAsync(exchange, Errors, refusal!);
            return;
        }

        var reply = new GenerateReply(exchange, call!, pace);
        var path = exchange.Request.Path.Value!;
        await (path.EndsWith(":generateContent", StringComparison.Ordinal) ? reply.SendAsync()
            : exchange.Request.Query["alt"] == "sse" ? reply.StreamAsync()
            : reply.SendArrayAsync());
    }

    private static bool TryRead(Exchange exchange, out GeminiCall? call, out Refusal? refusal)
    {
        call = null;
        refusal = GeminiGate.Check(exchange.Request);
        if (refusal is not null)
        {
            return false;
        }

        if (!JsonBody.TryParse(exchange.Body, out var document, out var problem))
        {
            refusal = new(400, $"Invalid JSON payload received. {problem}");
            return false;
        }

        using (document)
        {
            var path = exchange.Request.Path.Value!;
            var model = path[(path.LastIndexOf('/') + 1)..path.LastIndexOf(':')];
            var root = document.RootElement;
            refusal = GeminiValidator.Problems(root, model).Select(p => new Refusal(400, p)).FirstOrDefault() ?? CacheProblem(exchange, root, model);
            call = refusal is null ? Read(exchange, root, model) : null;
            return call is not null;
        }
    }

    private static Refusal? CacheProblem(Exchange exchange, JsonElement root, string model)
    {
        if (root.FieldText("cachedContent") is not { Length: > 0 } name)
        {
            return null;
        }

        if (!exchange.Engine.Contents.TryGet(name, exchange.Credential, out var content))
        {
            return new(403, "CachedContent not found (or permission denied)");
        }

        return content.Model == $"models/{model}"
            ? null
            : new(400, $"Model used by GenerateContent request (models/{model}) and CachedContent ({content.Model}) has to be the same.");
    }

    private static GeminiCall Read(Exchange exchange, JsonElement root, string model)
    {
        var engine = exchange.Engine;
        var tokenizer = engine.Tokenizers.ForModel(model);
        var config = root.Field("generationConfig");
        var thinking = config.Field("thinkingConfig");
        var reasoning = thinking.FieldInt("thinkingBudget") == 0 ? 0
            : Math.Max(exchange.Options.ReasoningTokens, thinking.Field("includeThoughts").IsTrue() ? ThinkingTokens : 0);

        var (prompt, cached, write, seed) = Count(exchange, root, model);
        var tools = root.Field("tools").Items().SelectMany(t => t.Field("functionDeclarations").Items())
            .ToDictionary(d => d.FieldText("name"), d => d.Field("parameters").IsMissing() ? d.Field("parametersJsonSchema") : d.Field("parameters"), StringComparer.Ordinal);
        var completion = Completion.Make(exchange, tokenizer.Tokenizer, seed, config.FieldInt("maxOutputTokens"), tools, reasoning);
        return new(model, prompt, cached, completion, thinking.Field("includeThoughts").IsTrue(), write);
    }

    private static (int Prompt, int Cached, PendingWrite Write, UInt128 Seed) Count(Exchange exchange, JsonElement root, string model)
    {
        var engine = exchange.Engine;
        if (!exchange.Options.CountTokens)
        {
            return (exchange.Body.Length / 4, 0, PendingWrite.Nothing, Digest.Of(model));
        }

        var tokenizer = engine.Tokenizers.ForModel(model);
        var parts = GeminiPrompt.Parts(root, tokenizer, engine.Meter);
        engine.Contents.TryGet(root.FieldText("cachedContent"), exchange.Credential, out var stored);
        var whose = Digest.Of(string.Join('\n', "gemini", exchange.Credential, model));
        var salt = CompactJson.TextOf(root.Field("toolConfig"));
        var prompt = engine.Meter.Measure(whose, [.. stored?.Parts ?? [], .. parts], salt, tokenizer.Format.ReplyPriming, tokenizer.Tokenizer);
        if (stored is not null)
        {
            return (prompt.Total, stored.Tokens, PendingWrite.Nothing, prompt.Digests[^1]);
        }

        var rules = new CacheRules("gemini", CacheMode.Implicit, GeminiModels.MinTokens(model), 1, ImplicitTtl) { Usage = "gemini" };
        var write = engine.Implicit.Look(prompt, rules);
        return (prompt.Total, write.Outcome.Read, write, prompt.Digests[^1]);
    }
}
