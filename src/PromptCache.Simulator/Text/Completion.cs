using System.Text;
using System.Text.Json;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Text;

/// <summary>What the simulated model answers.</summary>
/// <param name="Reasoning">What it thinks first, a token each.</param>
/// <param name="Words">What it says, a token each.</param>
/// <param name="Calls">The tools that it calls.</param>
/// <param name="Tokens">The tokens of words and calls.</param>
/// <param name="WasCapped">Whether the request's limit ended it.</param>
internal sealed record Completion(IReadOnlyList<string> Reasoning, IReadOnlyList<string> Words, IReadOnlyList<ToolCall> Calls, int Tokens, bool WasCapped)
{
    /// <summary>Makes the answer to a prompt: the same prompt gets the same answer.</summary>
    /// <param name="exchange">The request and its settings.</param>
    /// <param name="tokenizer">The model's encoding.</param>
    /// <param name="seed">The prompt's digest.</param>
    /// <param name="cap">The most tokens that the request wants; null: no limit.</param>
    /// <param name="tools">The tools that the request defines, with their parameters' schemas.</param>
    /// <param name="reasoning">The tokens that the model thinks.</param>
    public static Completion Make(Exchange exchange, ITokenizer tokenizer, UInt128 seed, int? cap, IReadOnlyDictionary<string, JsonElement> tools, int reasoning)
    {
        var limit = cap ?? int.MaxValue;
        var words = exchange.Engine.Words(tokenizer);
        var thought = Math.Min(limit, reasoning);
        string[] thoughts = [.. words.Take(thought, seed ^ 1)];
        ToolCall[] calls =
        [
            .. (exchange.Options.ToolCall ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(tools.ContainsKey)
                .Select(name => new ToolCall(name, JsonBytes.TextOf(SchemaSample.Arguments(tools[name])))),
        ];
        if (calls.Length > 0)
        {
            return new(thoughts, [], calls, calls.Sum(c => tokenizer.Count(Encoding.UTF8.GetBytes(c.Name)) + tokenizer.Count(Encoding.UTF8.GetBytes(c.Arguments))), WasCapped: false);
        }

        var wanted = exchange.Options.CompletionTokens;
        var said = Math.Min(wanted, limit - thought);
        return new(thoughts, [.. words.Take(said, seed)], [], said, said < wanted);
    }

    /// <summary>The text in pieces of so many tokens each, with the tokens up to the end of each piece.</summary>
    public static IEnumerable<(string Text, int Tokens)> Pieces(IReadOnlyList<string> words, int tokensPerPiece)
    {
        var tokens = 0;
        foreach (var piece in words.Chunk(tokensPerPiece))
        {
            tokens += piece.Length;
            yield return (string.Concat(piece), tokens);
        }
    }
}
