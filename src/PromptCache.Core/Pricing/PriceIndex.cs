using System.Collections.Frozen;

namespace PromptCache.Core.Pricing;

/// <summary>Entries by provider and model, and by the model's name without its date where no entry has that very name.</summary>
internal sealed class PriceIndex
{
    private readonly FrozenDictionary<string, ModelPrice> _exact;
    private readonly FrozenDictionary<string, ModelPrice> _undated;

    public PriceIndex(IEnumerable<ModelPrice> entries)
    {
        var exact = new Dictionary<string, ModelPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            exact[Key(entry.Provider, entry.Model)] = entry;
        }

        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Entries = [.. exact.Values.OrderBy(e => e.Provider, StringComparer.Ordinal).ThenBy(e => e.Model, StringComparer.Ordinal)];

        // Ascending order: of several dates the newest stays.
        var undated = new Dictionary<string, ModelPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Entries)
        {
            foreach (var spelling in ModelNames.Spellings(entry.Model).Skip(1))
            {
                undated[Key(entry.Provider, spelling)] = entry;
            }
        }

        _undated = undated.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<ModelPrice> Entries { get; }

    public ModelPrice? Exact(string provider, string model) => _exact.GetValueOrDefault(Key(provider, model));

    public ModelPrice? Undated(string provider, string model) => _undated.GetValueOrDefault(Key(provider, model));

    private static string Key(string provider, string model) => $"{provider}/{model}";
}
