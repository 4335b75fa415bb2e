namespace PromptCache.Core.Policies;

/// <summary>One policy of <c>policies.json</c>, over the defaults of <see cref="CachePolicy"/>.</summary>
internal sealed record PolicyEntry : CachePolicyTerms
{
    public required string Name { get; init; }

    /// <summary>For every term the place where it is published.</summary>
    public required SortedDictionary<string, string> Sources { get; init; }

    /// <summary>Null: none. (The generated reader does not run initializers.)</summary>
    public PolicyModelEntry[]? Models { get; init; }
}
