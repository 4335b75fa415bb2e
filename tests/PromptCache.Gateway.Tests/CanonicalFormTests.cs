using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>The same prompt in another spelling is the same prompt, through the front door; another prompt is another one.</summary>
public sealed class CanonicalFormTests
{
    private const string Silent = """{"id":"c1","object":"chat.completion","created":1,"model":"electron","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}""";
    private const int Priming = 3;   // the reply's: never part of a prefix

    private static readonly string[] Texts =
    [
        "", "Plain words.", "a/b <c> & 'd' \"e\" \\f\\", "tab\tline\nreturn\r\n\b\f\u0001", "\u00fcber \u4e2d\u6587 \u0e2a\u0e27\u0e31\u0e2a", "\U0001F468\u200d\U0001F469\u200d\U0001F467 \U0001F1E9\U0001F1EA",
        "\u2028\u2029\u0085\u00a0", "<|endoftext|>", "{\"json\": [1, 2]}", "\uFEFFmark", "e\u0301\u0000z",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Chat_SamePromptSpelledDifferently_IsCachedWhole(int seed)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var chat = Conversation(random, $"{seed}.{round}");
            var context = $"seed {seed}, round {round}: {chat.ToJsonString()}";
            var cold = await gateway.ChatAsync(chat.ToJsonString());
            cold.Cached.ShouldBe(0, context);

            for (var spelling = 0; spelling < 4; spelling++)
            {
                var body = Spell(random, Reshape(random, chat));
                var warm = await gateway.ChatAsync(body);
                (warm.Prompt, warm.Cached, warm.Status).ShouldBe((cold.Prompt, cold.Prompt - Priming, "hit"), context + "\n" + body);
            }
        }
    }

    [Theory]
    [InlineData("\"n\":1.0", "\"n\":1")]
    [InlineData("\"n\":1.0", "\"n\":1.00")]
    [InlineData("\"n\":1.0", "\"n\":1e0")]
    [InlineData("\"a\":1,\"b\":2", "\"b\":2,\"a\":1")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":1,\"a\":1,\"b\":2")]
    [InlineData("\"Look it up.\"", "\"Look it  up.\"")]
    [InlineData("\"Look it up.\"", "\"look it up.\"")]
    [InlineData("\"strict\":true,", "")]
    [InlineData("\"strict\":true", "\"strict\":false")]
    public async Task Chat_ToolSpelledAsAnotherTool_IsNotCached(string was, string becomes)
    {
        const string Chat = """{"model":"electron","tools":[{"type":"function","function":{"name":"find","description":"Look it up.","strict":true,"parameters":{"type":"object","x":{"a":1,"b":2},"n":1.0}}}],"messages":[{"role":"user","content":"Go."}]}""";
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        (await gateway.ChatAsync(Chat)).Cached.ShouldBe(0);
        (await gateway.ChatAsync(Chat.Replace(was, becomes, StringComparison.Ordinal))).Cached.ShouldBe(0);
        (await gateway.ChatAsync(Chat)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant","content":[]}""")]
    [InlineData("""{"role":"assistant"}""")]
    [InlineData("""{"role":"assistant","content":""}""")]
    public async Task Chat_MessageWithoutContent_IsStillPartOfThePrefix(string empty)
    {
        const string Before = """{"role":"system","content":"You are brief."},""";
        const string After = """,{"role":"user","content":"And now?"}""";
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var with = await gateway.ChatAsync($$"""{"model":"electron","messages":[{{Before}}{{empty}}{{After}}]}""");
        var without = await gateway.ChatAsync($$"""{"model":"electron","messages":[{{Before[..^1]}}{{After}}]}""");
        var again = await gateway.ChatAsync($$"""{"model":"electron","messages":[{{Before}}{{empty}}{{After}}]}""");

        with.Prompt.ShouldBe(without.Prompt + 4);
        without.Cached.ShouldBe(8);   // the system message, and nothing behind the message that is gone
        again.Cached.ShouldBe(with.Prompt - Priming);
    }

    [Fact]
    public async Task Chat_HalfASurrogatePair_IsOnePromptWithItsReplacement()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Silent);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var cold = await gateway.ChatAsync("""{"model":"electron","messages":[{"role":"user","content":"a\ud83dz\udc4d"}]}""");
        var warm = await gateway.ChatAsync("{\"model\":\"electron\",\"messages\":[{\"role\":\"user\",\"content\":\"a\uFFFDz\uFFFD\"}]}");

        (warm.Prompt, warm.Cached).ShouldBe((cold.Prompt, cold.Prompt - Priming));
    }

    private static JsonObject Conversation(Random random, string start)
    {
        var chat = new JsonObject { ["model"] = "electron" };
        if (random.Next(2) == 0)
        {
            chat["tools"] = new JsonArray([.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Tool(random, $"{start} tool {i}"))]);
        }

        var messages = new JsonArray { new JsonObject { ["role"] = random.Next(2) == 0 ? "system" : "developer", ["content"] = $"{start} {Text(random)}" } };
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            messages.Add(Message(random));
        }

        chat["messages"] = messages;
        return chat;
    }

    private static JsonObject Tool(Random random, string name) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = name,
            ["description"] = Text(random),
            ["parameters"] = JsonNode.Parse("""{"type":"object","properties":{"a/b":{"type":"string","enum":["\u00e4","x"],"minimum":1.50,"default":-0e1},"o":{"type":["integer","null"]}},"required":["a/b"]}"""),
        },
    };

    private static JsonObject Message(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                var call = new JsonObject { ["id"] = "call_" + random.Next(9), ["type"] = "function", ["function"] = new JsonObject { ["name"] = "find", ["arguments"] = "{\"q\": \"\u00e4/\\n\"}" } };
                return new JsonObject { ["role"] = "assistant", ["content"] = random.Next(2) == 0 ? null : Text(random), ["tool_calls"] = new JsonArray { call } };
            case 1:
                return new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_" + random.Next(9), ["content"] = Text(random) };
            case 2:
                return new JsonObject { ["role"] = "user", ["name"] = "J\u00fcrgen", ["content"] = Text(random) };
            case 3:
                var image = new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "https://example.com/a.png?x=1&y=\u00fc", ["detail"] = "low" } };
                return new JsonObject { ["role"] = "user", ["content"] = new JsonArray { Part(Text(random)), image, Part(Text(random)) } };
            case 4:
                return new JsonObject { ["role"] = "assistant", ["reasoning_content"] = Text(random), ["content"] = Text(random) };
            default:
                return new JsonObject { ["role"] = "user", ["content"] = Text(random) };
        }
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Texts[random.Next(Texts.Length)]));

    private static JsonObject Part(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>The same prompt in another shape: text as a part, markers wherever they may stand, the top level in another order.</summary>
    private static JsonObject Reshape(Random random, JsonObject chat)
    {
        var members = chat.DeepClone().AsObject().ToArray();
        var copy = new JsonObject();
        random.Shuffle(members);
        foreach (var (name, value) in members)
        {
            copy[name] = value?.DeepClone();
        }

        foreach (var message in copy["messages"]!.AsArray().Select(m => m!.AsObject()))
        {
            if (message["content"] is JsonValue text && random.Next(2) == 0)
            {
                message["content"] = new JsonArray { Part(text.GetValue<string>()) };
            }

            foreach (var part in (message["content"] as JsonArray ?? []).Select(p => p!.AsObject()).Where(p => p["text"]?.GetValue<string>() != ""))
            {
                Mark(random, part);
            }
        }

        foreach (var tool in copy["tools"] as JsonArray ?? [])
        {
            Mark(random, tool!.AsObject());
        }

        return copy;
    }

    private static void Mark(Random random, JsonObject item)
    {
        if (random.Next(3) == 0)
        {
            item.Insert(random.Next(item.Count + 1), "cache_control", new JsonObject { ["type"] = "ephemeral" });
        }
    }

    private static string Spell(Random random, JsonNode? node)
    {
        var text = new StringBuilder();
        Write(random, node, text);
        return text.ToString();
    }

    private static void Write(Random random, JsonNode? node, StringBuilder text)
    {
        Space(random, text);
        switch (node)
        {
            case JsonObject members:
                WriteAll(random, text, '{', '}', members.Select(m => (Action)(() =>
                {
                    WriteString(random, m.Key, text);
                    Space(random, text);
                    text.Append(':');
                    Write(random, m.Value, text);
                })));
                break;
            case JsonArray items:
                WriteAll(random, text, '[', ']', items.Select(i => (Action)(() => Write(random, i, text))));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteString(random, value.GetValue<string>(), text);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }

        Space(random, text);
    }

    private static void WriteAll(Random random, StringBuilder text, char open, char close, IEnumerable<Action> items)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : ",");
            first = false;
            Space(random, text);
            item();
        }

        text.Append(close);
    }

    private static void Space(Random random, StringBuilder text)
    {
        for (var i = random.Next(8) == 0 ? random.Next(4) : 0; i > 0; i--)
        {
            text.Append(" \t\r\n"[random.Next(4)]);
        }
    }

    private static void WriteString(Random random, string value, StringBuilder text)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            // A pair is spelled alike in both halves: one half raw and one escaped is no text.
            var length = char.IsHighSurrogate(value[i]) ? 2 : 1;
            var letter = value.Substring(i, length);
            i += length - 1;
            text.Append(letter switch
            {
                _ when random.Next(4) == 0 => string.Concat(letter.Select(c => $"\\u{((int)c).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)}")),
                "\"" => "\\\"",
                "\\" => "\\\\",
                "/" => random.Next(2) == 0 ? "\\/" : "/",
                "\n" => "\\n",
                "\t" => "\\t",
                "\r" => "\\r",
                "\b" => "\\b",
                "\f" => "\\f",
                _ when letter[0] < ' ' => $"\\u{(int)letter[0]:x4}",
                _ => letter,
            });
        }

        text.Append('"');
    }
}
