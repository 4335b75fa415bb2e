namespace PromptCache.Benchmarks.Load;

/// <summary>One round's figures: milliseconds, requests per second; of the whole process (client, proxy, upstream) microseconds of processor and bytes allocated per request.</summary>
internal sealed record LoadResult(double P50, double P99, double PerSecond, double Processor, double Allocated)
{
    public static LoadResult Of(double[] latencies, TimeSpan elapsed, TimeSpan processor, long allocated)
    {
        Array.Sort(latencies);
        return new(latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)], latencies.Length / elapsed.TotalSeconds, processor.TotalMicroseconds / latencies.Length, (double)allocated / latencies.Length);
    }

    /// <summary>The median of a figure.</summary>
    public static double Median(IEnumerable<LoadResult> rounds, Func<LoadResult, double> figure) => Median(rounds.Select(figure));

    /// <summary>The median of the quotients of rounds that ran one after the other.</summary>
    public static double Ratio(IEnumerable<LoadResult> bare, IEnumerable<LoadResult> gateway, Func<LoadResult, double> figure)
        => Median(bare.Zip(gateway, (b, g) => figure(g) / figure(b)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
