using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Puts a chat request to the cache that its provider's rules name.</summary>
internal static class ChatCache
{
    public static (MeasuredPrompt Prompt, PendingWrite Write) Look(Exchange exchange, ChatRequest request)
    {
        var engine = exchange.Engine;
        var rules = exchange.Settings.Rules;
        if (!exchange.Options.CountTokens)
        {
            return (new([], [], [], [], exchange.Body.Length / 4), PendingWrite.Nothing);
        }

        var model = engine.Tokenizers.ForModel(request.Model);
        var root = Digest.Of(string.Join('\n', rules.Name, exchange.Credential, request.Model, request.Salt));
        var prompt = engine.Meter.Measure(root, request.Parts, messagesSalt: "", model.Format.ReplyPriming, model.Tokenizer);
        var breakpoints = request.Breakpoints;
        var write = rules.Mode switch
        {
            CacheMode.None => PendingWrite.Nothing,
            CacheMode.Either when breakpoints.Count > 0 => engine.Explicit.Look(prompt, [.. breakpoints.TakeLast(rules.MaxBreakpoints)], rules.ExplicitMinTokens),
            _ => engine.Implicit.Look(prompt, rules),
        };
        return (prompt, write);
    }
}
