namespace PromptCache.Benchmarks.Load;

/// <summary>One round's figures, milliseconds and requests per second.</summary>
internal sealed record LoadResult(double P50, double P99, double PerSecond)
{
    public static LoadResult Of(double[] latencies, TimeSpan elapsed)
    {
        Array.Sort(latencies);
        return new(latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)], latencies.Length / elapsed.TotalSeconds);
    }

    public static LoadResult MedianOf(IReadOnlyList<LoadResult> rounds)
        => new(Median(rounds.Select(r => r.P50)), Median(rounds.Select(r => r.P99)), Median(rounds.Select(r => r.PerSecond)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
