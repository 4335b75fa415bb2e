using System.ComponentModel.DataAnnotations;

namespace PromptCache.Redis;

/// <summary>Where the shared store is.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>The connection string, as StackExchange.Redis understands it (<c>host:6379,password=…,ssl=true</c>), or an address: <c>rediss://:password@host:6380</c>.</summary>
    [Required]
    public string Configuration { get; set; } = "";

    /// <summary>Whether a connection string can be read and names at least one server. Says nothing about whether one answers.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return RedisUrl.Read(text).EndPoints.Count > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>What every key begins with, so that several deployments can share one Redis.</summary>
    /// <value>1 to 32 letters, digits, '-', '_', '.' or ':'. The default is "pc".</value>
    [RegularExpression("^[A-Za-z0-9._:-]{1,32}$")]
    public string KeyPrefix { get; set; } = "pc";
}
