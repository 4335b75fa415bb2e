using System.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Presets;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Whether the client itself has said where its conversation belongs. What it said stays, and nothing is added to it.</summary>
internal static class AffinityHints
{
    public static bool AreGiven(ProviderPreset traits, PromptRequest request, IHeaderDictionary headers)
        => IsGiven(traits.AffinityField, request, headers)
            || IsGiven(traits.AffinityHeader, request, headers)
            || traits.AffinityAlternatives.Any(name => IsGiven(name, request, headers));

    private static bool IsGiven(string? name, PromptRequest request, IHeaderDictionary headers)
        => name is not null && (headers.ContainsKey(name) || request.Find(Encoding.UTF8.GetBytes(name)).Exists);
}
