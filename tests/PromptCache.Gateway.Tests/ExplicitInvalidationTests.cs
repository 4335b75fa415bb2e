using System.Text.Json.Nodes;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>What invalidates what: each row of the providers' tables, with an entry at the end of tools, of system, of a first and of a second message.</summary>
public sealed class ExplicitInvalidationTests
{
    private static readonly string ToolText = Words(1100, "Search the knowledge base.");
    private static readonly string SystemText = Words(600, "You are a research assistant.");
    private static readonly string FirstText = Words(300, "The first message.");
    private static readonly string SecondText = Words(300, "The second message.");

    private const string Search = """{"type":"web_search_20250305","name":"web_search"}""";

    /// <summary>How far the prefix survives: 0 nothing, 1 tools, 2 system, 3 the first message, 4 everything.</summary>
    public static TheoryData<string, int> Rows => new()
    {
        { "nothing", 4 },
        { "tool description", 0 },
        { "tool name", 0 },
        { "tool parameters", 0 },
        { "tool added in front", 0 },
        { "tool removed", 0 },
        { "tools reordered", 0 },
        { "tool key order", 0 },
        { "model", 0 },
        { "system text", 1 },
        { "system part added in front", 1 },
        { "response schema", 1 },
        { "speed", 1 },
        { "citations", 1 },
        { "web_search_options", 1 },
        { "web search tool", 1 },
        { "web search tool in front", 1 },
        { "default speed", 4 },
        { "document without citations", 4 },
        { "tool_choice", 2 },
        { "tool_choice function", 2 },
        { "parallel_tool_calls", 2 },
        { "image added", 2 },
        { "reasoning_effort", 2 },
        { "reasoning", 2 },
        { "thinking", 2 },
        { "output effort", 2 },
        { "first message", 2 },
        { "second message", 3 },
        { "second message's role", 3 },
        { "temperature", 4 },
        { "max_tokens", 4 },
        { "user", 4 },
        { "metadata", 4 },
        { "message appended", 4 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Chat_Change_KeepsWhatComesBefore(string change, int survives)
    {
        await using var bench = await ExplicitBench.StartAsync();
        var positions = await PositionsAsync(bench);

        (await bench.ChatAsync(Prompt())).Buckets().ShouldBe((0, positions[4], 0));
        var changed = await bench.ChatAsync(Change(Prompt(), change));

        changed.Buckets().Read.ShouldBe(positions[survives], change);
    }

    [Theory]
    [InlineData("claude-opus-4-5", true)]
    [InlineData("claude-opus-4.8", true)]
    [InlineData("claude-opus-5", true)]
    [InlineData("anthropic/claude-sonnet-4.6", true)]
    [InlineData("claude-sonnet-5", true)]
    [InlineData("claude-sonnet-4-5-20250929", false)]
    [InlineData("claude-sonnet-4-20250514", false)]
    [InlineData("claude-4-sonnet", false)]
    [InlineData("claude-opus-4-1", false)]
    [InlineData("claude-opus-4-20250514", false)]
    [InlineData("claude-haiku-4-5", false)]
    [InlineData("claude-3-7-sonnet-20250219", false)]
    public async Task Chat_UserTurnAfterThinking_OlderModelsForgetIt(string model, bool keeps)
    {
        await using var bench = await ExplicitBench.StartAsync(usage: "none");
        JsonObject Thought(string thought, string id) => new()
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["reasoning_content"] = thought,
            ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = "{}" } }),
        };
        JsonObject Result(string id) => new() { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = "Found." };
        async Task<(long Read, long Write5m, long Write1h)> Ask(params JsonNode[] more)
        {
            JsonNode[] start = [Message("system", Text(Words(5000, "You think.")).Marked()), Message("user", Text("Find it.")), Thought("Where could it be?", "t1")];
            more[^1].AsObject().Marked();
            return (await bench.ChatAsync(Body(model, [.. start, .. more]).With("thinking", JsonNode.Parse("""{"type":"enabled","budget_tokens":2000}""")!))).Buckets();
        }

        var first = await Ask(Result("t1"));
        var loop = await Ask(Result("t1"), Thought("There, then.", "t2"), Result("t2"));
        var turn = await Ask(Result("t1"), Thought("There, then.", "t2"), Result("t2"), Message("assistant", Text("It is there.")), Message("user", Text("Thanks. And the other?")));
        var next = await Ask(Result("t1"), Thought("There, then.", "t2"), Result("t2"), Message("assistant", Text("It is there.")), Message("user", Text("Thanks. And the other?")), Message("assistant", Text("Here.")), Message("user", Text("Good.")));

        // Within the tools' loop nobody forgets; what a turn has written the next one reads.
        loop.Read.ShouldBe(first.Write5m);
        turn.Read.ShouldBe(keeps ? loop.Read + loop.Write5m : 5004);
        next.Read.ShouldBe(turn.Read + turn.Write5m);
    }

    [Fact]
    public async Task Chat_ImageRemoved_LosesTheMessages()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var positions = await PositionsAsync(bench);

        await bench.ChatAsync(Change(Prompt(), "image added"));
        (await bench.ChatAsync(Prompt())).Buckets().Read.ShouldBe(positions[2]);
    }

    private static JsonObject Prompt() => Body(
            Message("system", Text(SystemText).Marked()),
            Message("user", Text(FirstText).Marked()),
            Message("user", Text(SecondText).Marked()))
        .With("tools", new JsonArray(Tool("search_documents", "Search."), Tool("get_document", ToolText).Marked()));

    private static JsonObject Document(bool citations) => new()
    {
        ["type"] = "document",
        ["source"] = new JsonObject { ["type"] = "text", ["media_type"] = "text/plain", ["data"] = "A document." },
        ["citations"] = new JsonObject { ["enabled"] = citations },
    };

    /// <summary>The ends of tools, system, first and second message, in tokens: what a prompt of our own has more than one without them.</summary>
    private static async Task<long[]> PositionsAsync(ExplicitBench bench)
    {
        var all = Prompt();
        foreach (var tool in all["tools"]!.AsArray())
        {
            tool!.AsObject().Remove("cache_control");
        }

        foreach (var part in all["messages"]!.AsArray().SelectMany(m => m!["content"]!.AsArray()))
        {
            part!.AsObject().Remove("cache_control");
        }

        var messages = all.DeepClone().AsObject();
        messages.Remove("tools");
        var tools = (await bench.ChatAsync(all)).Prompt - (await bench.ChatAsync(messages)).Prompt;
        return [0, tools, tools + 604, tools + 604 + 304, tools + 604 + 304 + 304];
    }

    private static JsonObject Change(JsonObject body, string change)
    {
        var tools = body["tools"]!.AsArray();
        var function = tools[0]!["function"]!.AsObject();
        var messages = body["messages"]!.AsArray();
        switch (change)
        {
            case "nothing": break;
            case "tool description": function["description"] = "Search it."; break;
            case "tool name": function["name"] = "find_documents"; break;
            case "tool parameters": function["parameters"]!["required"] = new JsonArray("query"); break;
            case "tool added in front": tools.Insert(0, Tool("new_tool", "New.")); break;
            case "tool removed": tools.RemoveAt(0); break;
            case "tools reordered":
                var first = tools[0]!;
                tools.RemoveAt(0);
                tools.Add(first);
                break;
            case "tool key order":
                var name = function["name"]!.DeepClone();
                function.Remove("name");
                function["name"] = name;
                break;
            case "model": body["model"] = "claude-sonnet-4"; break;
            case "system text": messages[0]!["content"]![0]!["text"] = "You are " + SystemText; break;
            case "system part added in front": messages[0]!["content"]!.AsArray().Insert(0, Text("Today is Friday.")); break;
            case "response schema": body["response_format"] = JsonNode.Parse("""{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}"""); break;
            case "speed": body["speed"] = "fast"; break;
            case "default speed": body["speed"] = "standard"; break;
            case "citations": messages.Add(Message("user", Document(citations: true))); break;
            case "document without citations": messages.Add(Message("user", Document(citations: false))); break;
            case "web_search_options": body["web_search_options"] = new JsonObject(); break;
            case "web search tool": tools.Add(JsonNode.Parse(Search)); break;
            case "web search tool in front": tools.Insert(0, JsonNode.Parse(Search)); break;
            case "tool_choice": body["tool_choice"] = "none"; break;
            case "tool_choice function": body["tool_choice"] = JsonNode.Parse("""{"type":"function","function":{"name":"get_document"}}"""); break;
            case "parallel_tool_calls": body["parallel_tool_calls"] = false; break;
            case "image added": messages.Add(Message("user", Image("https://example.com/mars.png"))); break;
            case "reasoning_effort": body["reasoning_effort"] = "high"; break;
            case "reasoning": body["reasoning"] = JsonNode.Parse("""{"effort":"high"}"""); break;
            case "thinking": body["thinking"] = JsonNode.Parse("""{"type":"enabled","budget_tokens":2000}"""); break;
            case "output effort": body["output_config"] = JsonNode.Parse("""{"effort":"low"}"""); break;
            case "first message": messages[1]!["content"]![0]!["text"] = FirstText + "!"; break;
            case "second message": messages[2]!["content"]![0]!["text"] = SecondText + "!"; break;
            case "second message's role": messages[2]!["role"] = "assistant"; break;
            case "temperature": body["temperature"] = 0.7; break;
            case "max_tokens": body["max_tokens"] = 5; break;
            case "user": body["user"] = "anna"; break;
            case "metadata": body["metadata"] = new JsonObject { ["trace"] = "1" }; break;
            case "message appended": messages.Add(Message("user", Text("And now?"))); break;
            default: throw new ArgumentOutOfRangeException(nameof(change), change, message: null);
        }

        return body;
    }
}
