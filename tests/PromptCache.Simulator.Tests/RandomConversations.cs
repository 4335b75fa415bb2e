using System.Text.Json.Nodes;

namespace PromptCache.Simulator.Tests;

/// <summary>Conversations that grow, lose their end, change in the middle and begin anew, with everything that a chat request can hold.</summary>
internal static class RandomConversations
{
    private static readonly string[] Vocabulary = ["alpha", "Beta", "γάμμα", "delta-7", "\n", "naïve", "{\"k\":1}", "東京", "🙂", "don't", "  ", "x"];

    /// <summary>Changes the conversation a little and makes a request of it.</summary>
    /// <remarks>Every request has an image: that there is one at all is, to the product, a parameter of the messages level.</remarks>
    public static JsonObject Next(Random random, ref JsonArray conversation, bool markers)
    {
        switch (random.Next(8))
        {
            case 0:
                conversation = [];
                break;
            case 1 when conversation.Count > 3:
                conversation.RemoveAt(conversation.Count - 1);
                break;
            case 2 when conversation.Count > 2:
                conversation[2 + random.Next(conversation.Count - 2)] = Message(random, "user");
                break;
            default:
                break;
        }

        if (conversation.Count == 0)
        {
            conversation.Add(Message(random, random.Next(2) == 0 ? "system" : "developer", words: 1500));
            conversation.Add(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Image("fixed", "low")) });
        }

        conversation.Add(Message(random, random.Next(4) switch { 0 => "assistant", 1 => "tool", _ => "user" }));
        var body = new JsonObject { ["model"] = "gpt-4o", ["messages"] = conversation.DeepClone() };
        if (random.Next(3) == 0)
        {
            body["tools"] = new JsonArray(Tool("search"), Tool("get"));
        }

        if (markers)
        {
            Mark(body["messages"]!.AsArray(), random);
        }

        return body;
    }

    private static JsonObject Message(Random random, string role, int words = 300)
    {
        var message = new JsonObject { ["role"] = role };
        if (role == "user" && random.Next(2) == 0)
        {
            var parts = new JsonArray(Part(Text(random, words)), Part(Text(random, 20)));
            if (random.Next(3) == 0)
            {
                parts.Add((JsonNode)Image($"{random.Next(3)}", random.Next(2) == 0 ? "low" : "high"));
            }

            message["content"] = parts;
            return message;
        }

        message["content"] = Text(random, words);
        if (role == "tool")
        {
            message["tool_call_id"] = $"call_{random.Next(3)}";
        }

        if (role == "assistant" && random.Next(2) == 0)
        {
            message["content"] = null;
            message["tool_calls"] = new JsonArray(JsonNode.Parse("""{"id":"call_1","type":"function","function":{"name":"search","arguments":"{\"q\":\"x y\"}"}}"""));
        }

        return message;
    }

    private static JsonObject Image(string name, string detail)
        => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = $"https://x/{name}.png", ["detail"] = detail } };

    private static JsonObject Part(string text) => new() { ["type"] = "text", ["text"] = text };

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, 1 + random.Next(words)).Select(_ => Vocabulary[random.Next(Vocabulary.Length)]));

    private static JsonNode Tool(string name)
        => JsonNode.Parse("""{"type":"function","function":{"name":"NAME","description":"Finds it.","parameters":{"type":"object","required":["q"],"properties":{"q":{"type":"string","description":"What."},"n":{"type":"integer"}}}}}""".Replace("NAME", name, StringComparison.Ordinal))!;

    // At least one marker, so that the request is an explicit one.
    private static void Mark(JsonArray messages, Random random)
    {
        messages[0]!["cache_control"] = new JsonObject { ["type"] = "ephemeral" };
        foreach (var part in messages.Select(m => m!["content"]).OfType<JsonArray>().SelectMany(c => c).OfType<JsonObject>().Where(_ => random.Next(3) == 0))
        {
            part["cache_control"] = new JsonObject { ["type"] = "ephemeral" };
        }
    }
}
