using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>Where known prefixes are kept.</summary>
internal sealed record StoreOptions
{
    /// <summary>A StackExchange.Redis connection string or a <c>redis://</c> address, or <c>env:NAME</c> of one; null: in this process.</summary>
    public string? Redis { get; set; }

    /// <summary>What a call to Redis may cost a request, in milliseconds.</summary>
    /// <value>From 1 to 5,000. The default is 10.</value>
    [Range(1, 5_000)]
    public int TimeoutMs { get; set; } = 10;

    /// <summary>Keys the chain's root; the same for every gateway on one Redis, and required with Redis. At least 32 characters, or <c>env:NAME</c>.</summary>
    public string? Secret { get; set; }

    /// <summary>What the in-process store may hold, in bytes.</summary>
    /// <value>From 1 MiB to 64 GiB. The default is 256 MiB.</value>
    [Range(1L << 20, 64L << 30)]
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>What the memo of tokenized segments may hold, in bytes.</summary>
    /// <value>From 1 MiB to 64 GiB. The default is 64 MiB.</value>
    [Range(1L << 20, 64L << 30)]
    public long MemoBytes { get; set; } = 64L << 20;
}
