namespace PromptCache.Simulator.Hosting;

/// <summary>Why a request is not served, in the provider's own words.</summary>
internal sealed record Refusal(int Status, string Message, string? Code = null, string? Param = null);
