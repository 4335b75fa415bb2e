using System.Text.Json.Nodes;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>Writes a Gemini answer: whole, as server-sent events, or as one array of all chunks. Every chunk has the usage so far.</summary>
internal sealed class GenerateReply(Exchange exchange, GeminiCall call, Pace pace)
{
    private readonly string _id = exchange.Engine.NewId("sim");

    private int Output => call.Completion.Tokens + call.Completion.Reasoning.Count;

    private string FinishReason => call.Completion.WasCapped ? "MAX_TOKENS" : "STOP";

    public async Task SendAsync()
    {
        await pace.UntilAsync(Math.Max(0, Output - 1));
        var parts = new JsonArray();
        if (call.ShowsThoughts && call.Completion.Reasoning is not [])
        {
            parts.Add((JsonNode)Thought(string.Concat(call.Completion.Reasoning)));
        }

        if (call.Completion.Words is not [])
        {
            parts.Add((JsonNode)new JsonObject { ["text"] = string.Concat(call.Completion.Words) });
        }

        foreach (var part in Calls())
        {
            parts.Add((JsonNode)part);
        }

        await Reply.JsonAsync(exchange, GeminiErrors.Instance, Chunk(parts, call.Completion.Tokens, call.Completion.Reasoning.Count, FinishReason), call.Write);
    }

    public async Task SendArrayAsync()
    {
        await pace.UntilAsync(Math.Max(0, Output - 1));
        await Reply.JsonAsync(exchange, GeminiErrors.Instance, new JsonArray([.. Chunks().Select(c => c.Chunk)]), call.Write);
    }

    public async Task StreamAsync()
    {
        await pace.UntilAsync(0);
        var reply = await Reply.BeginEventsAsync(exchange, GeminiErrors.Instance, call.Write, lineEnd: "\r\n");
        foreach (var (chunk, tokens) in Chunks())
        {
            await pace.UntilAsync(Math.Max(0, tokens - 1));
            await reply.EventAsync(null, chunk);
        }

        await reply.EndAsync();
    }

    private static JsonObject Thought(string text) => new() { ["text"] = text, ["thought"] = true };

    private IEnumerable<(JsonObject Chunk, int Tokens)> Chunks()
    {
        var perChunk = exchange.Options.TokensPerChunk;
        foreach (var (text, tokens) in call.Completion.Reasoning is [] || !call.ShowsThoughts ? [] : Completion.Pieces(call.Completion.Reasoning, perChunk))
        {
            yield return (Chunk(new(Thought(text)), 0, tokens, finish: null), tokens);
        }

        var thought = call.Completion.Reasoning.Count;
        foreach (var (text, tokens) in Completion.Pieces(call.Completion.Words, perChunk))
        {
            var isLast = tokens == call.Completion.Tokens;
            yield return (Chunk(new(new JsonObject { ["text"] = text }), tokens, thought, isLast ? FinishReason : null), thought + tokens);
        }

        JsonNode[] calls = [.. Calls()];
        if (calls.Length > 0 || call.Completion.Words is [])
        {
            yield return (Chunk(new(calls), call.Completion.Tokens, thought, FinishReason), Output);
        }
    }

    private IEnumerable<JsonObject> Calls()
    {
        foreach (var (made, i) in call.Completion.Calls.Select((c, i) => (c, i)))
        {
            var part = new JsonObject { ["functionCall"] = new JsonObject { ["name"] = made.Name, ["args"] = JsonNode.Parse(made.Arguments) } };
            if (i == 0 && GeminiModels.NeedsSignatures(call.Model))
            {
                part["thoughtSignature"] = FunctionTurns.Signature(made.Name);
            }

            yield return part;
        }
    }

    private JsonObject Chunk(JsonArray parts, int tokens, int thoughts, string? finish)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = parts, ["role"] = "model" }, ["index"] = 0 };
        if (finish is not null)
        {
            candidate["finishReason"] = finish;
        }

        return new()
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = Usage(tokens, thoughts),
            ["modelVersion"] = call.Model,
            ["responseId"] = _id,
        };
    }

    // Counts that are 0 are left out, as protocol buffers do.
    private JsonObject Usage(int tokens, int thoughts)
    {
        var usage = new JsonObject { ["promptTokenCount"] = call.Prompt };
        if (tokens > 0)
        {
            usage["candidatesTokenCount"] = tokens;
        }

        usage["totalTokenCount"] = call.Prompt + tokens + thoughts;
        if (call.Cached > 0)
        {
            usage["cachedContentTokenCount"] = call.Cached;
            usage["cacheTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = call.Cached });
        }

        usage["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = call.Prompt });
        if (thoughts > 0)
        {
            usage["thoughtsTokenCount"] = thoughts;
        }

        return usage;
    }
}
