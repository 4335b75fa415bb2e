using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>A provider's usage, gathered over one response.</summary>
internal interface IChatUsage
{
    /// <summary>Whether anything was reported that can be written.</summary>
    bool Any { get; }

    /// <summary>Writes the figures in OpenAI's shape.</summary>
    void Write(JsonOut json);
}
