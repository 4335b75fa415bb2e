using System.Globalization;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>How long a stored prefix is to live: <c>ttl</c>, such as <c>"300s"</c>, or <c>expireTime</c>; one hour without either.</summary>
internal static class CacheLifetime
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(1);

    /// <summary>Reads the lifetime; says what is wrong with it, or null.</summary>
    public static string? Read(JsonElement root, DateTimeOffset now, out DateTimeOffset expires)
    {
        expires = now + Default;
        var (ttl, time) = (root.Field("ttl"), root.Field("expireTime"));
        if (!ttl.IsMissing() && !time.IsMissing())
        {
            return "oneof field 'expiration' is already set. Cannot set 'ttl'";
        }

        if (!ttl.IsMissing())
        {
            var text = root.FieldText("ttl");
            if (!text.EndsWith('s') || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is <= 0 or > 315_576_000_000)
            {
                return "Invalid value at 'cached_content.ttl' (type.googleapis.com/google.protobuf.Duration), Field 'ttl', Illegal duration format; duration must end with 's'";
            }

            expires = now + TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        }
        else if (!time.IsMissing() && (!DateTimeOffset.TryParse(root.FieldText("expireTime"), CultureInfo.InvariantCulture, out expires) || expires <= now))
        {
            return "expire_time must be in the future.";
        }

        return null;
    }
}
