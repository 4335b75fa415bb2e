using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PromptCache.Providers.Presets;

/// <summary>The presets that ship.</summary>
public static class ProviderPresets
{
    /// <summary>All presets, in the order of the file.</summary>
    public static IReadOnlyList<ProviderPreset> All { get; } = Load();

    /// <summary>A preset by its name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ProviderPreset? preset)
        => (preset = All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is not null;

    private static List<ProviderPreset> Load()
    {
        using var stream = typeof(ProviderPresets).Assembly.GetManifestResourceStream("providers.json")!;
        return JsonSerializer.Deserialize(stream, ProviderPresetJson.Default.ListProviderPreset)!;
    }
}
