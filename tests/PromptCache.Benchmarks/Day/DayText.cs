using System.Text.Json.Nodes;

namespace PromptCache.Benchmarks.Day;

/// <summary>Texts and messages of about a given number of tokens, the same for the same seed.</summary>
internal static class DayText
{
    private static readonly string[] Words =
        "order tent zip return stove rope boots refund parcel invoice warranty sleeping bag rain cover size colour carrier branch ticket agent review note policy delivery address winter summer trail weight price stock repair seam pole".Split(' ');

    public static string Of(int tokens, int seed)
    {
        var random = new Random(seed);
        return $"[{seed}] " + string.Join(' ', Enumerable.Range(0, Math.Max(1, tokens - 4)).Select(_ => Words[random.Next(Words.Length)]));
    }

    public static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    public static JsonObject Message(string role, params string[] parts)
        => new() { ["role"] = role, ["content"] = new JsonArray([.. parts.Select(p => new JsonObject { ["type"] = "text", ["text"] = p })]) };

    public static JsonObject Tool(int seed, int tokens) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = $"tool_{seed}", ["description"] = Of(tokens, seed), ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
    };

    public static JsonObject Call(string id, string tool) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = "{}" } }),
    };

    public static JsonObject Result(string id, string text) => new() { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = text };
}
