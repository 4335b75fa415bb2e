using System.ComponentModel.DataAnnotations;

namespace PromptCache.Redis;

/// <summary>Where the shared store is.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>The connection string, as StackExchange.Redis understands it: <c>host:6379,password=…,ssl=true</c>.</summary>
    [Required]
    public string Configuration { get; set; } = "";

    /// <summary>What every key begins with, so that several deployments can share one Redis.</summary>
    /// <value>1 to 32 letters, digits, '-', '_', '.' or ':'. The default is "pc".</value>
    [RegularExpression("^[A-Za-z0-9._:-]{1,32}$")]
    public string KeyPrefix { get; set; } = "pc";
}
