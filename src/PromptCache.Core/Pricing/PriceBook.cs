using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Pricing;

/// <summary>What models cost: the user's overrides over the shipped book. Immutable and safe for concurrent use.</summary>
public sealed class PriceBook
{
    // Clients choose the model's name, so what is remembered about names is bounded, and long names are not remembered.
    private const int MaxRemembered = 4096;
    private const int LongestRemembered = 256;

    private static readonly Lazy<PriceBook> LazyShipped = new(PriceResources.LoadShipped);

    private readonly PriceIndex _index;
    private readonly PriceOverride[] _overrides;
    private readonly ConcurrentDictionary<(string Provider, string Model), PriceResolution> _remembered = new();
    private int _rememberedCount;

    internal PriceBook(PriceIndex index, PriceOverride[] overrides, DateOnly asOf, string source)
    {
        _index = index;
        _overrides = overrides;
        AsOf = asOf;
        Source = source;
    }

    /// <summary>The book that this build carries.</summary>
    public static PriceBook Shipped => LazyShipped.Value;

    /// <summary>A book without entries: only overrides give prices.</summary>
    public static PriceBook Empty { get; } = new(new([]), [], DateOnly.MinValue, "none");

    /// <summary>The day of the base data; entries that were corrected since carry their own.</summary>
    public DateOnly AsOf { get; }

    /// <summary>Where the base data come from.</summary>
    public string Source { get; }

    /// <summary>All entries in the order of provider and model, without the overrides.</summary>
    public IReadOnlyList<ModelPrice> Entries => _index.Entries;

    /// <summary>Reads a price file in the project's format or in LiteLLM's; the file is taken whole or not at all.</summary>
    /// <param name="stream">The file, at most 16 MB.</param>
    /// <param name="asOf">The day to book for a file in LiteLLM's format, which carries none.</param>
    public static PriceLoad Load(Stream stream, DateOnly asOf)
    {
        var problems = new List<PriceProblem>();
        var file = PriceSource.ReadAll(stream, problems);
        return PriceLoad.Of(file is null ? null : PriceSource.Read(file, asOf, overlay: null, problems), problems);
    }

    /// <summary>This book with overrides in front of its own; the first that matches a model wins.</summary>
    /// <exception cref="ArgumentException">An override has errors; <see cref="PriceOverride.Errors"/> lists them beforehand.</exception>
    public PriceBook WithOverrides(IEnumerable<PriceOverride> overrides)
    {
        var added = overrides.ToArray();
        if (added.SelectMany(o => o.Errors()).FirstOrDefault() is { } error)
        {
            throw new ArgumentException(error, nameof(overrides));
        }

        return new(_index, [.. added, .. _overrides], AsOf, Source);
    }

    /// <summary>This book with the entries of another one laid over it, whole entries at a time; overrides stay.</summary>
    public PriceBook WithEntries(PriceBook over)
        => new(new(Entries.Concat(over.Entries)), [.. over._overrides, .. _overrides], over.AsOf, $"{over.Source}; {Source}");

    /// <summary>Finds what a model costs.</summary>
    /// <param name="query">Provider and model; the rest is not looked at.</param>
    /// <param name="price">The entry with the override that holds for it.</param>
    /// <param name="explanation">Which entry, and why; or that there is none.</param>
    public bool TryFind(in PriceQuery query, [NotNullWhen(true)] out ModelPrice? price, out string explanation)
    {
        var resolution = Resolve(query.Provider, query.Model);
        price = resolution.Price;
        explanation = resolution.Explanation;
        return price is not null;
    }

    /// <summary>Prices one request.</summary>
    /// <remarks>
    /// The row is chosen by all prompt tokens, cached ones included, and holds for the whole request. A price that the book
    /// does not list for reads or writes is a multiple of the input price; the status stays exact, because that is what is billed.
    /// Without a price for the model, or without a count, all amounts are null. A cost that the provider reported is the total.
    /// </remarks>
    /// <param name="query">Which model, how.</param>
    /// <param name="usage">The counts.</param>
    /// <param name="writeMultiplier">Price of a default write over the input price where the book has none; the cache policy's.</param>
    /// <param name="write1hMultiplier">The same for a one-hour write.</param>
    /// <param name="readMultiplier">The same for a read; null: a model without a read price pays the input price for reads.</param>
    public CostDetails Cost(in PriceQuery query, TokenUsage usage, decimal writeMultiplier = 1m, decimal write1hMultiplier = 1m, decimal? readMultiplier = null)
        => Resolve(query.Provider, query.Model).Price is { } price
            ? CostCalculator.Cost(price.Select(query.ServiceTier, usage.PromptTokens ?? 0, query.At).Rates.Times(price.Geo.GetValueOrDefault(query.Geo ?? "", 1m)), usage, query.Explicit, writeMultiplier, write1hMultiplier, readMultiplier)
            : CostCalculator.Unpriced(usage);

    /// <summary>What it costs to keep an explicit cache, in USD; null: no storage price is known.</summary>
    /// <param name="query">Which model, when.</param>
    /// <param name="tokens">Tokens stored.</param>
    /// <param name="ttl">How long.</param>
    public decimal? StorageCost(in PriceQuery query, long tokens, TimeSpan ttl)
        => Resolve(query.Provider, query.Model).Price?.Select(query.ServiceTier, tokens, query.At).Rates.Storage is { } price
            ? CostCalculator.Amount(Math.Max(0, tokens), price * Math.Max(0, ttl.Ticks) / TimeSpan.TicksPerHour)
            : null;

    private PriceResolution Resolve(string provider, string model)
    {
        if (_remembered.TryGetValue((provider, model), out var known))
        {
            return known;
        }

        var resolution = PriceResolver.Resolve(_index, _overrides, provider, model);
        if (model.Length <= LongestRemembered)
        {
            if (Interlocked.Increment(ref _rememberedCount) > MaxRemembered)
            {
                _remembered.Clear();
                Interlocked.Exchange(ref _rememberedCount, 1);
            }

            _remembered.TryAdd((provider, model), resolution);
        }

        return resolution;
    }
}
