using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>A price in USD per million tokens; what is left out stays as the shipped book has it.</summary>
internal sealed class PriceOptions
{
    /// <summary>The model's name; <c>*</c> stands for anything.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>Only for this provider; default: all.</summary>
    public string? Provider { get; set; }

    public decimal? Input { get; set; }

    public decimal? Output { get; set; }

    public decimal? CacheRead { get; set; }

    public decimal? CacheWrite { get; set; }

    public decimal? CacheWrite1h { get; set; }

    /// <summary>Keeping an explicit cache, per million tokens and hour.</summary>
    public decimal? Storage { get; set; }
}
