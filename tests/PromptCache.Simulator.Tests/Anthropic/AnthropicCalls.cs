using System.Text.Json;
using System.Text.Json.Nodes;

namespace PromptCache.Simulator.Tests.Anthropic;

internal static class AnthropicCalls
{
    public const string Model = "claude-sonnet-4-5";

    public static readonly (string, string)[] Headers = [("x-api-key", "key"), ("anthropic-version", "2023-06-01")];

    /// <summary>A block of so many words, marked when a lifetime is given.</summary>
    public static JsonObject Block(string text, string? ttl = null)
    {
        var block = new JsonObject { ["type"] = "text", ["text"] = text };
        if (ttl is not null)
        {
            block["cache_control"] = Marker(ttl);
        }

        return block;
    }

    public static JsonObject Marker(string ttl) => ttl is "" ? new() { ["type"] = "ephemeral" } : new() { ["type"] = "ephemeral", ["ttl"] = ttl };

    public static JsonObject Tool(string name, string? ttl = null)
    {
        var tool = new JsonObject { ["name"] = name, ["input_schema"] = new JsonObject { ["type"] = "object" } };
        if (ttl is not null)
        {
            tool["cache_control"] = Marker(ttl);
        }

        return tool;
    }

    public static JsonObject Message(string role, params JsonNode[] blocks) => new() { ["role"] = role, ["content"] = new JsonArray(blocks) };

    public static JsonObject Request(JsonNode[] system, params JsonNode[] messages) => new()
    {
        ["model"] = Model,
        ["max_tokens"] = 500,
        ["system"] = new JsonArray(system),
        ["messages"] = new JsonArray(messages),
    };

    public static async Task<JsonElement> MessageAsync(this TestSimulator simulator, JsonNode body, params (string, string)[] headers)
    {
        var (status, reply) = await simulator.PostAsync("/v1/messages", body, [.. Headers, .. headers]);
        status.ShouldBe(200, reply.ToString());
        return reply;
    }

    /// <summary>Uncached, read, written for five minutes, written for an hour.</summary>
    public static async Task<(int Input, int Read, int Write5m, int Write1h)> UsageAsync(this TestSimulator simulator, JsonNode body)
    {
        var usage = (await simulator.MessageAsync(body)).At("usage");
        var (five, hour) = (usage.Int("cache_creation", "ephemeral_5m_input_tokens"), usage.Int("cache_creation", "ephemeral_1h_input_tokens"));
        usage.Int("cache_creation_input_tokens").ShouldBe(five + hour);
        return (usage.Int("input_tokens"), usage.Int("cache_read_input_tokens"), five, hour);
    }
}
