using PromptCache.Core.Usage;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Usage of a chat completion in Anthropic's shape, whose input excludes what was read and written.</summary>
internal static class MessagesUsage
{
    /// <summary>Writes the usage object; zeros where nothing is known, because Anthropic's clients insist on numbers.</summary>
    public static void Write(JsonOut json, JsonValue usage)
    {
        var read = usage.IsObject ? ChatUsageReader.Read(usage.Raw, UsageDialect.OpenAI) : null;
        var hour = read?.CacheWrite1h;
        var written = read?.CacheWrite is null && hour is null ? (long?)null : (read?.CacheWrite ?? 0) + (hour ?? 0);
        json.BeginObject();
        json.Member("input_tokens"u8, Math.Max(0, read?.Uncached ?? 0));
        json.Member("cache_creation_input_tokens"u8, written ?? 0);
        json.Member("cache_read_input_tokens"u8, read?.CacheRead ?? 0);
        if (hour is not null)
        {
            json.Name("cache_creation"u8);
            json.BeginObject();
            json.Member("ephemeral_5m_input_tokens"u8, read?.CacheWrite ?? 0);
            json.Member("ephemeral_1h_input_tokens"u8, hour.Value);
            json.EndObject();
        }

        json.Member("output_tokens"u8, read?.CompletionTokens ?? 0);
        json.EndObject();
    }
}
