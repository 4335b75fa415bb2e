using System.ComponentModel.DataAnnotations;

namespace PromptCache.Core.Store;

/// <summary>How much a slow or broken store may cost.</summary>
public sealed class StoreGuardOptions
{
    /// <summary>How long a request waits for the store.</summary>
    /// <value>From 1 to 5,000 ms. The default is 10.</value>
    [Range(1, 5000)]
    public int TimeoutMs { get; set; } = 10;

    /// <summary>Failures in a row, timeouts included, after which the store is left alone.</summary>
    /// <value>From 1 to 1,000. The default is 3.</value>
    [Range(1, 1000)]
    public int Failures { get; set; } = 3;

    /// <summary>How long the store is left alone before one call tries it again.</summary>
    /// <value>From 100 to 5,000 ms. The default is 2,000.</value>
    [Range(100, 5000)]
    public int BreakMs { get; set; } = 2000;
}
