using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>One who may use the gateway.</summary>
internal sealed class TenantOptions
{
    [Required]
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the tenant's key, 64 lowercase hex digits. The key itself is never written down.</summary>
    [Required]
    [RegularExpression("^[0-9a-f]{64}$", ErrorMessage = "must be the SHA-256 of the key as 64 lowercase hex digits")]
    public string KeySha256 { get; set; } = "";
}
