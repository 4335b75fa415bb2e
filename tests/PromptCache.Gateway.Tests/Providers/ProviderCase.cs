namespace PromptCache.Gateway.Tests.Providers;

/// <summary>One provider's documented answer, and what the client shall read of it.</summary>
/// <param name="Name">What the row is about; the first word is the preset.</param>
/// <param name="Model">A model of its.</param>
/// <param name="Usage">The usage object in the provider's words.</param>
/// <param name="Place">Where it stands in a stream.</param>
/// <param name="Prompt">What is billed as input, cached and written included.</param>
/// <param name="Cached">Read.</param>
/// <param name="Written">Written; null: not reported.</param>
/// <param name="Completion">What is billed as output, reasoning included once.</param>
public sealed record ProviderCase(string Name, string Model, string Usage, UsagePlace Place, long Prompt, long Cached, long? Written, long Completion)
{
    /// <summary>USD; null: no price is known.</summary>
    public decimal? Total { get; init; }

    /// <summary>Members beside the usage object.</summary>
    public string Beside { get; init; } = "";

    /// <summary>Response headers, <c>name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Where the cached count comes from.</summary>
    public string Source { get; init; } = "provider";

    /// <summary>exact, unpriced or inconsistent.</summary>
    public string Status { get; init; } = "exact";

    public string Preset => Name.Split(' ')[0];

    public override string ToString() => Name;
}
