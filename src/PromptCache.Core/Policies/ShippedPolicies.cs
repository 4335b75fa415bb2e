using System.Text.Json;

namespace PromptCache.Core.Policies;

/// <summary>Reads the policies that ship as data.</summary>
internal static class ShippedPolicies
{
    private const string Resource = "PromptCache.Core.Policies.policies.json";

    public static List<CachePolicy> Load()
    {
        using var stream = typeof(ShippedPolicies).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        var file = JsonSerializer.Deserialize(stream, PolicyFileContext.Default.PolicyFile)
            ?? throw new InvalidOperationException($"{Resource} is empty.");

        var policies = new List<CachePolicy>(file.Policies.Length);
        foreach (var entry in file.Policies)
        {
            policies.Add(ToPolicy(entry, policies));
        }

        return policies;
    }

    private static CachePolicy ToPolicy(PolicyEntry entry, List<CachePolicy> earlier) => entry.Over(new CachePolicy { Name = entry.Name }) with
    {
        Models = [.. (entry.Models ?? []).Select(m => ToRule(m, earlier))],
        Source = string.Join('\n', entry.Sources.Select(s => $"{s.Key}: {s.Value}")),
    };

    private static ModelRule ToRule(PolicyModelEntry entry, List<CachePolicy> earlier) => new(entry.Match)
    {
        MinTokens = entry.MinTokens,
        StepTokens = entry.StepTokens,
        Ttl = entry.Ttl,
        DropsThinking = entry.DropsThinking,
        Use = entry.Use is null ? null : earlier.Find(p => p.Name == entry.Use) ?? throw new InvalidOperationException($"{Resource} uses '{entry.Use}' before it is there."),
        Source = entry.Source,
    };
}
