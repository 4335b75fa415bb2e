namespace PromptCache.Core.Pricing;

/// <summary>A line of the overlay that says how a provider prices what its entries leave open; it never changes a listed price.</summary>
/// <param name="Provider">The book's provider.</param>
/// <param name="Model">A name with <c>*</c>.</param>
/// <param name="Read">Price of a read over the input price.</param>
/// <param name="ReadExplicit">The same for a read from an explicit cache.</param>
/// <param name="Write">The same for a default write.</param>
/// <param name="Write1h">The same for a one-hour write.</param>
/// <param name="Batch">Batch prices over standard prices.</param>
/// <param name="Storage">USD per million tokens and hour.</param>
/// <param name="Geo">Factors by the region that served a request.</param>
/// <param name="AsOf">When this was true.</param>
/// <param name="Source">Who says so.</param>
internal sealed record PriceFillLine(
    string Provider, string Model, decimal? Read, decimal? ReadExplicit, decimal? Write, decimal? Write1h, decimal? Batch, decimal? Storage, SortedDictionary<string, decimal>? Geo, DateOnly AsOf, string Source)
{
    public bool Matches(PriceLine line)
        => string.Equals(line.Provider, Provider, StringComparison.Ordinal) && NamePattern.Matches(Model, line.Model);

    public PriceLine Fill(PriceLine line)
    {
        var filled = Filled(line) with { Storage = line.Storage ?? Storage, Geo = line.Geo ?? Geo, Cards = line.Cards?.ConvertAll(Filled) };
        return Batch is not { } factor || line.Input is null || filled.Cards?.Exists(c => c.Tier == "batch") == true ? filled : filled with
        {
            Cards = [.. filled.Cards ?? [], new() { Tier = "batch", Input = Of(line.Input, factor), Output = Of(line.Output, factor) }],
        };
    }

    private T Filled<T>(T card)
        where T : PriceCardLine
        => card with
        {
            Read = card.Read ?? Of(card.Input, Read),
            ReadExplicit = card.ReadExplicit ?? Of(card.Input, ReadExplicit),
            Write = card.Write ?? Of(card.Input, Write),
            Write1h = card.Write1h ?? Of(card.Input, Write1h),
        };

    private static decimal? Of(decimal? input, decimal? factor) => input is > 0 && factor is not null ? Plain.Of(input.Value * factor.Value) : null;
}
