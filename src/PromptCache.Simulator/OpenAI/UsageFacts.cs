using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.OpenAI;

/// <summary>What one request used, before any provider has put it into its own words.</summary>
/// <param name="Prompt">All prompt tokens, cached ones included.</param>
/// <param name="Cache">What of them was read and written.</param>
/// <param name="Visible">Tokens of the answer.</param>
/// <param name="Reasoning">Tokens thought before it.</param>
/// <param name="Markers">Whether the request had breakpoints.</param>
/// <param name="WithCost">Whether the request asked for the cost (<c>usage.include</c>).</param>
/// <param name="Options">The prices.</param>
internal sealed record UsageFacts(int Prompt, CacheOutcome Cache, int Visible, int Reasoning, bool Markers, bool WithCost, SimulatorOptions Options)
{
    public int Output => Visible + Reasoning;

    public int Total => Prompt + Output;

    /// <summary>US dollars for the prompt.</summary>
    public decimal PromptCost
        => (((Prompt - Cache.Read - Cache.Written) * Options.InputPrice) + (Cache.Read * Options.CacheReadPrice) + (Cache.Written * Options.CacheWritePrice)) / 1_000_000m;

    /// <summary>US dollars for the output.</summary>
    public decimal OutputCost => Output * Options.OutputPrice / 1_000_000m;
}
