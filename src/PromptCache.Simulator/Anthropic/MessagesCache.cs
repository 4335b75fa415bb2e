using System.Text.Json;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Puts a Messages request to the cache: its own markers, and the automatic one.</summary>
internal static class MessagesCache
{
    public static (MeasuredPrompt Prompt, PendingWrite Write) Look(Exchange exchange, JsonElement root)
    {
        var engine = exchange.Engine;
        if (!exchange.Options.CountTokens)
        {
            return (new([], [], [], [], exchange.Body.Length / 4), PendingWrite.Nothing);
        }

        var prompt = Measure(exchange, root);
        var breakpoints = Markers.Find(root).Select(m => new Breakpoint(m.Unit, Markers.Ttl(m.Control))).ToList();
        if (root.Member("cache_control") is { ValueKind: JsonValueKind.Object } automatic
            && AutomaticBreakpoint.Unit(root) is >= 0 and var unit && breakpoints.All(b => b.Part != unit))
        {
            breakpoints.Add(new(unit, Markers.Ttl(automatic)));
        }

        return (prompt, breakpoints.Count == 0 ? PendingWrite.Nothing : engine.Explicit.Look(prompt, breakpoints, AnthropicModels.MinTokens(root.Text("model"))));
    }

    public static MeasuredPrompt Measure(Exchange exchange, JsonElement root)
    {
        var model = exchange.Engine.Tokenizers.ForModel(root.Text("model"));
        var parts = MessagesPrompt.Parts(root, model, exchange.Engine.Meter);
        var whose = Digest.Of(string.Join('\n', "anthropic", exchange.Credential, root.Text("model")));
        return exchange.Engine.Meter.Measure(whose, parts, MessagesPrompt.MessagesSalt(root), model.Format.ReplyPriming, model.Tokenizer);
    }
}
