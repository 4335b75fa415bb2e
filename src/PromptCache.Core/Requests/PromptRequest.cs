using System.Collections.Immutable;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>A chat-completion request, read once: ranges over the client's own bytes. It does not own the body.</summary>
public sealed class PromptRequest
{
    /// <summary>What the client sent, unchanged.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The top-level members in the order in which they stand.</summary>
    public required ImmutableArray<JsonMember> Members { get; init; }

    /// <summary>The model's name, unescaped.</summary>
    public required string Model { get; init; }

    public required JsonMember ModelMember { get; init; }

    public required JsonMember Messages { get; init; }

    public JsonMember Tools { get; init; }

    public JsonMember ToolChoice { get; init; }

    public JsonMember ResponseFormat { get; init; }

    public JsonMember StreamOptions { get; init; }

    /// <summary>The <c>usage</c> options of the request (<c>{"include": true}</c>), which are the gateway's own.</summary>
    public JsonMember UsageOptions { get; init; }

    /// <summary>The <c>provider</c> options of the request, which are the gateway's own.</summary>
    public JsonMember ProviderOptions { get; init; }

    /// <summary>The top-level <c>cache_control</c>: automatic caching.</summary>
    public JsonMember CacheControl { get; init; }

    public JsonMember PromptCacheKey { get; init; }

    public JsonMember PromptCacheOptions { get; init; }

    /// <summary>OpenAI's <c>prompt_cache_retention</c>: <c>in_memory</c> or <c>24h</c>.</summary>
    public JsonMember PromptCacheRetention { get; init; }

    /// <summary>Whether the answer shall be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client asked for the usage chunk: <c>stream_options.include_usage</c>.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether the client asked for cost: <c>usage.include</c>.</summary>
    public bool UsageInclude { get; init; }

    /// <summary>The request's <c>provider.order</c>; empty when it has none.</summary>
    public ImmutableArray<string> ProviderOrder { get; init; } = [];

    /// <summary>The request's <c>provider.allow_fallbacks</c>; true when it says nothing.</summary>
    public bool AllowFallbacks { get; init; } = true;

    /// <summary>Finds a top-level member by its unescaped name; the last one wins when a name stands twice.</summary>
    public JsonMember Find(ReadOnlySpan<byte> name)
    {
        for (var i = Members.Length - 1; i >= 0; i--)
        {
            if (JsonEscapes.Spells(Members[i].Name.Of(Body.Span)[1..^1], name))
            {
                return Members[i];
            }
        }

        return default;
    }

    /// <summary>The raw bytes of a member's value.</summary>
    public ReadOnlySpan<byte> ValueOf(JsonMember member) => member.Value.Of(Body.Span);
}
