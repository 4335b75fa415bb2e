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
        var write = rules.Mode switch
        {
            CacheMode.None => PendingWrite.Nothing,
            CacheMode.Either when request.HasMarkers => engine.Explicit.Look(prompt, Breakpoints(request, rules, automatic: false), rules.ExplicitMinTokens),
            CacheMode.Automatic => engine.Explicit.Look(prompt, Breakpoints(request, rules, !request.ExplicitOnly), rules.MinTokens, lookback: int.MaxValue),
            _ => engine.Implicit.Look(prompt, rules, request.AsksLong),
        };
        return (prompt, write);
    }

    // More markers than a request may have: the latest count, and an automatic one is the latest of all.
    private static Breakpoint[] Breakpoints(ChatRequest request, CacheRules rules, bool automatic)
    {
        var marked = Enumerable.Range(0, request.Parts.Count)
            .Where(i => request.Parts[i].MarkedFor is not null || (automatic && i == request.Parts.Count - 1));
        return [.. marked.TakeLast(rules.MaxBreakpoints).Select(i => new Breakpoint(i, rules.Ttl))];
    }
}
