namespace PromptCache.Core.Pricing;

/// <summary>The project's own corrections over a base list, each with its date and source.</summary>
internal sealed class PriceOverlay(IReadOnlyList<PriceOverlayLine> lines)
{
    public static PriceOverlay Read(ReadOnlySpan<byte> file, List<PriceProblem> problems)
    {
        var lines = new List<PriceOverlayLine>();
        var number = 0;
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].Trim(" \t\r"u8);
            if (line.IsEmpty || line.StartsWith("//"u8) || PriceFile.ReadLine(line, PriceJson.Default.PriceOverlayLine, number, problems) is not { } read)
            {
                continue;
            }

            var sources = new[] { read.Set?.Source, read.Fill?.Source, read.Drop?.Source }.OfType<string>().Count();
            if (sources != 1)
            {
                problems.Add(new($"overlay line {number}", "exactly one of set, fill and drop, with its source"));
                continue;
            }

            if (read.Set is { AsOf: null } or { Provider: null } or { Model: null })
            {
                problems.Add(new($"overlay line {number}", "set needs provider, model and asOf"));
                continue;
            }

            lines.Add(read);
        }

        return new(lines);
    }

    /// <summary>Drops, then sets, then fills, in the order of the file.</summary>
    public IReadOnlyList<PriceLine> Apply(IEnumerable<PriceLine> baseLines, List<PriceProblem> problems)
    {
        var table = new SortedDictionary<string, PriceLine>(StringComparer.Ordinal);
        foreach (var line in baseLines.Where(l => !lines.Any(o => o.Drop?.Matches(l) == true)))
        {
            table[line.Name] = line;
        }

        foreach (var set in lines.Select(l => l.Set).OfType<PriceLine>())
        {
            if (table.TryGetValue(set.Name, out var under))
            {
                table[set.Name] = Over(under, set);
            }
            else if (set.Input is not null)
            {
                table[set.Name] = set;
            }
            else
            {
                problems.Add(new(set.Name, "the base no longer lists what the overlay corrects", IsError: false));
            }
        }

        var fills = lines.Select(l => l.Fill).OfType<PriceFillLine>().ToArray();
        return [.. table.Values.Select(line => fills.Where(f => f.Matches(line)).Aggregate(line, (l, f) => f.Fill(l)))];
    }

    private static PriceLine Over(PriceLine under, PriceLine set) => set with
    {
        Input = set.Input ?? under.Input,
        Output = set.Output ?? under.Output,
        Read = set.Read ?? under.Read,
        ReadExplicit = set.ReadExplicit ?? under.ReadExplicit,
        Write = set.Write ?? under.Write,
        Write1h = set.Write1h ?? under.Write1h,
        Storage = set.Storage ?? under.Storage,
        InputAudio = set.InputAudio ?? under.InputAudio,
        OutputAudio = set.OutputAudio ?? under.OutputAudio,
        Inclusive = set.Inclusive ?? under.Inclusive,
        Geo = set.Geo ?? under.Geo,
        Cards = set.Cards is [] ? null : set.Cards ?? under.Cards,
    };
}
