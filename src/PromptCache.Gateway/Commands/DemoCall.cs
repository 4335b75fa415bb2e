using System.Text.Json;

namespace PromptCache.Gateway.Commands;

/// <summary>What one call of the demo showed.</summary>
internal sealed record DemoCall(string Name, long Prompt, long Cached, decimal Cost, decimal Saved)
{
    /// <summary>Reads the figures out of a response, or out of a stream's last chunk.</summary>
    public static DemoCall Read(string name, JsonElement json)
    {
        var usage = json.GetProperty("usage");
        var cost = json.GetProperty("cost_details");
        return new DemoCall(
            name,
            usage.GetProperty("prompt_tokens").GetInt64(),
            usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt64(),
            cost.GetProperty("total_cost").GetDecimal(),
            cost.GetProperty("cache_savings").GetDecimal());
    }
}
