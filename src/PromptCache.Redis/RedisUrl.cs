using System.Globalization;
using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>Reads connection strings: the client's own, and the <c>redis://</c> and <c>rediss://</c> addresses that hosting platforms hand out.</summary>
internal static class RedisUrl
{
    private const int DefaultPort = 6379;

    /// <summary><c>redis[s]://[[user]:password@]host[:port][/database]</c>, as redis-cli reads it; <c>rediss</c> is TLS.</summary>
    /// <exception cref="ArgumentException">It cannot be read, or asks for what the client cannot do: a user other than <c>default</c>. The message quotes nothing of it.</exception>
    public static ConfigurationOptions Read(string text)
    {
        var isTls = text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase))
        {
            return ConfigurationOptions.Parse(text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.DnsSafeHost.Length == 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new ArgumentException("The address of Redis cannot be read.", nameof(text));
        }

        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && url.UserInfo[..colon] != "default")
        {
            throw new ArgumentException("A user other than \"default\" is not supported.", nameof(text));
        }

        var options = new ConfigurationOptions { Ssl = isTls };
        options.EndPoints.Add(url.DnsSafeHost, url.Port < 0 ? DefaultPort : url.Port);
        if (url.UserInfo.Length > 0)
        {
            options.Password = Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]);
        }

        if (url.AbsolutePath is { Length: > 1 } path)
        {
            options.DefaultDatabase = int.TryParse(path.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var database)
                ? database
                : throw new ArgumentException("The database of Redis is not a number.", nameof(text));
        }

        return options;
    }
}
