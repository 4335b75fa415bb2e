using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Brings a <c>cache_control</c> value into Anthropic's spelling: a lifetime in seconds becomes <c>"5m"</c> or <c>"1h"</c>.</summary>
internal static class AnthropicCacheControl
{
    /// <summary>Writes the value; says what is wrong with it, if anything. Null and absent write nothing.</summary>
    public static RequestError? Write(JsonValue marker, IBufferWriter<byte> output)
    {
        if (marker.IsNothing)
        {
            return null;
        }

        if (!marker.IsObject || !marker.Get("type"u8).Is("ephemeral"u8))
        {
            return AnthropicFault.Here("cache_control", "must be {\"type\": \"ephemeral\"}.", "invalid_cache_control");
        }

        var json = new JsonOut(output);
        json.BeginObject();
        var members = marker.Members();
        while (members.MoveNext())
        {
            if (!members.NameIs("ttl"u8))
            {
                json.RawName(members.RawName);
                json.Raw(members.Value.Raw);
            }
            else if (!members.Value.IsNothing)
            {
                var ttl = Lifetime(members.Value);
                if (ttl.IsEmpty)
                {
                    return AnthropicFault.Here("cache_control.ttl", "must be \"5m\", \"1h\", 300 or 3600.", "invalid_cache_control");
                }

                json.Member("ttl"u8, ttl);
            }
        }

        json.EndObject();
        return null;
    }

    private static ReadOnlySpan<byte> Lifetime(JsonValue ttl)
    {
        if (ttl.Is("5m"u8) || (ttl.TryGetInt64(out var seconds) && seconds == 300))
        {
            return "\"5m\""u8;
        }

        return ttl.Is("1h"u8) || (ttl.TryGetInt64(out seconds) && seconds == 3600) ? "\"1h\""u8 : default;
    }
}
