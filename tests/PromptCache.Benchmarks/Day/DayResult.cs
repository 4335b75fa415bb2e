namespace PromptCache.Benchmarks.Day;

/// <summary>What a day cost.</summary>
internal sealed record DayResult
{
    public int Requests { get; set; }

    public long Prompt { get; set; }

    public long Read { get; set; }

    public long Written { get; set; }

    public double NeverRead { get; set; }

    /// <summary>USD, output included.</summary>
    public decimal Cost { get; set; }

    /// <summary>USD of the prompts.</summary>
    public decimal Input { get; set; }

    public SortedDictionary<string, decimal> InputByKind { get; } = new(StringComparer.Ordinal);
}
