using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Markers on nodes of a body, and what a response says about explicit caching.</summary>
internal static class ExplicitBodies
{
    /// <summary>The node with a <c>cache_control</c>; <paramref name="ttl"/> is JSON, null for none.</summary>
    public static JsonObject Marked(this JsonObject node, string? ttl = null)
    {
        var control = new JsonObject { ["type"] = "ephemeral" };
        if (ttl is not null)
        {
            control["ttl"] = JsonNode.Parse(ttl);
        }

        node["cache_control"] = control;
        return node;
    }

    /// <summary>The node with OpenAI's own marker.</summary>
    public static JsonObject Breakpoint(this JsonObject node)
    {
        node["prompt_cache_breakpoint"] = new JsonObject { ["mode"] = "explicit" };
        return node;
    }

    public static JsonObject With(this JsonObject body, string name, JsonNode value)
    {
        body[name] = value;
        return body;
    }

    /// <summary>Read, written for five minutes, written for an hour: from the fields of explicit caching, which must agree with each other and with OpenAI's.</summary>
    public static (long Read, long Write5m, long Write1h) Buckets(this ChatFigures figures)
    {
        var read = figures.Usage.GetProperty("cache_read_input_tokens").GetInt64();
        var created = figures.Usage.GetProperty("cache_creation_input_tokens").GetInt64();
        var split = figures.Usage.GetProperty("cache_creation");
        var (short5, long1) = (split.GetProperty("ephemeral_5m_input_tokens").GetInt64(), split.GetProperty("ephemeral_1h_input_tokens").GetInt64());
        figures.Cached.ShouldBe(read);
        figures.Written.ShouldBe(created);
        (short5 + long1).ShouldBe(created);
        (read + created).ShouldBeLessThanOrEqualTo(figures.Prompt);
        return (read, short5, long1);
    }

    public static decimal Amount(this ChatFigures figures, string name) => figures.Cost.ShouldNotBeNull().GetProperty(name).GetDecimal();
}
