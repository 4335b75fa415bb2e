using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>Bounds on what one request may take.</summary>
internal sealed record LimitOptions
{
    /// <summary>The longest request body; beyond it the answer is 413.</summary>
    /// <value>From 1 KiB to 1 GiB. The default is 32 MiB.</value>
    [Range(1 << 10, 1 << 30)]
    public int MaxBodyBytes { get; set; } = 32 << 20;

    /// <summary>The longest response body or stream event that is read; a longer one passes through unread.</summary>
    /// <value>From 1 KiB to 1 GiB. The default is 64 MiB.</value>
    [Range(1 << 10, 1 << 30)]
    public int MaxResponseBytes { get; set; } = 64 << 20;

    /// <summary>How long running requests may go on after SIGTERM, in seconds.</summary>
    /// <value>From 0 to 3,600. The default is 120.</value>
    [Range(0, 3_600)]
    public int DrainSeconds { get; set; } = 120;
}
