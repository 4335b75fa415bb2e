namespace PromptCache.Core.Pricing;

/// <summary>Finds the entry of a model.</summary>
/// <remarks>
///   (1) The provider's own list: the name as it stands, then without its date, then without its route or region
///   (2) <c>vendor/model</c>: the list of the provider that the name itself names
///   (3) The vendors' lists, unless the provider has prices of its own (see <see cref="PriceProviders"/>)
///   (4) The first override that matches one of the spellings is laid over what was found
/// </remarks>
internal static class PriceResolver
{
    public static PriceResolution Resolve(PriceIndex index, IReadOnlyList<PriceOverride> overrides, string provider, string model)
    {
        var canonical = PriceProviders.Canonical(provider);
        var (found, how) = Find(index, canonical, model);
        var label = found is null ? null : $"{found.Provider}/{found.Model}{how}";

        var names = overrides.Count == 0 ? [] : Names(provider, model);
        var position = 0;
        foreach (var by in overrides)
        {
            position++;
            if (Applies(by, provider, canonical, names))
            {
                var merged = found?.With(by) ?? new ModelPrice(canonical, model, [new() { Rates = new TokenRates().Overridden(by) }]);
                return new(merged, $"override {position} ({by.Model}){(label is null ? ": the book does not list the model" : $" over {label}")}");
            }
        }

        return new(found, label ?? $"no price is known for '{model}'{(provider.Length == 0 ? "" : $" at '{provider}'")}");
    }

    private static (ModelPrice? Price, string How) Find(PriceIndex index, string provider, string model)
    {
        var (scope, name) = (provider, model);
        while (true)
        {
            if (FindIn(index, scope, name) is { } own)
            {
                return (own, How(own, model, provider));                                         // (1)
            }

            if (ModelNames.TryTakeRoute(name, out var rest))
            {
                name = rest;                                                                     // (1)
                continue;
            }

            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var vendor = slash > 0 && slash < name.Length - 1 && PriceProviders.IsKnown(name[..slash]) ? PriceProviders.Canonical(name[..slash]) : null;
            if (!PriceProviders.MayFallBack(scope) && !string.Equals(vendor, scope, StringComparison.OrdinalIgnoreCase))
            {
                return (null, "");
            }

            if (vendor is null)
            {
                break;
            }

            (scope, name) = (vendor, name[(slash + 1)..]);                                       // (2)
        }

        foreach (var vendor in PriceProviders.Vendors)
        {
            if (FindIn(index, vendor, name) is { } price)
            {
                return (price, How(price, model, provider));                                     // (3)
            }
        }

        return (null, "");
    }

    private static ModelPrice? FindIn(PriceIndex index, string scope, string name)
    {
        foreach (var spelling in ModelNames.Spellings(name))
        {
            if ((index.Exact(scope, spelling) ?? index.Undated(scope, spelling)) is { } price)
            {
                return price;
            }
        }

        return null;
    }

    private static string How(ModelPrice price, string model, string provider)
    {
        var otherName = string.Equals(price.Model, model, StringComparison.OrdinalIgnoreCase) ? "" : $", found for '{model}' by another spelling (vendor, route or date)";
        var otherList = provider.Length == 0 || string.Equals(price.Provider, provider, StringComparison.OrdinalIgnoreCase)
            ? ""
            : $", the vendor's price: the book has none for '{provider}'";
        return otherName + otherList;
    }

    private static bool Applies(PriceOverride by, string provider, string canonical, List<string> names)
    {
        if (by.Provider is { } only
            && !string.Equals(only, provider, StringComparison.OrdinalIgnoreCase)
            && !string.Equals(PriceProviders.Canonical(only), canonical, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return names.Exists(n => NamePattern.Matches(by.Model, n));                              // (4)
    }

    private static List<string> Names(string provider, string model)
    {
        var names = new List<string> { $"{provider}/{model}" };
        var name = model;
        while (true)
        {
            names.AddRange(ModelNames.Spellings(name));
            if (ModelNames.TryTakeRoute(name, out var rest))
            {
                name = rest;
            }
            else if (name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 && slash < name.Length - 1)
            {
                name = name[(slash + 1)..];
            }
            else
            {
                return names;
            }
        }
    }
}
