namespace PromptCache.Core.Policies;

/// <summary>The shape of <c>policies.json</c>.</summary>
internal sealed record PolicyFile
{
    public required PolicyEntry[] Policies { get; init; }
}
