using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>What invalidates what, said in Anthropic's own words: the provider reports it, and the gateway has predicted it.</summary>
public sealed class MessagesInvalidationTests
{
    /// <summary>How far the prefix survives: 0 nothing, 1 tools, 2 system, 3 everything.</summary>
    public static TheoryData<string, int> Rows => new()
    {
        { "nothing", 3 },
        { "tool description", 0 },
        { "tool added in front", 0 },
        { "model", 0 },
        { "web search", 1 },
        { "citations", 1 },
        { "speed", 1 },
        { "system", 1 },
        { "answer's format", 1 },
        { "tool_choice", 2 },
        { "parallel tool use", 2 },
        { "image", 2 },
        { "thinking", 2 },
        { "effort", 2 },
        { "message", 2 },
        { "default tool_choice", 3 },
        { "message appended", 3 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Post_Change_KeepsWhatComesBefore_AsPredicted(string change, int survives)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await InFrontOfAsync(upstream);
        var positions = new List<long> { 0 };
        foreach (var marked in (string[])["tools", "system", "messages"])
        {
            positions.Add((await AskAsync(gateway, Prompt(marked), $"measures-{marked}")).Written);
        }

        (await AskAsync(gateway, Prompt("all"), "mine")).Written.ShouldBe(positions[3]);
        var (read, _, predicted) = await AskAsync(gateway, Change(Prompt("all"), change), "mine");

        read.ShouldBe(positions[survives], change);
        // An image, a document and a schema count otherwise here than there, which shifts positions in the scaling.
        Math.Abs(predicted - read).ShouldBeLessThanOrEqualTo(change == "image" ? read / 10 : change is "citations" or "web search" or "answer's format" ? 40 : 0, $"{change}: predicted {predicted}, read {read}");
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", false)]
    [InlineData("claude-sonnet-4-6", true)]
    public async Task Post_UserTurnAfterThinking_OlderModelsForgetIt_AsPredicted(string model, bool keeps)
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await InFrontOfAsync(upstream);
        const string Thought = "Where could it be?";
        var signature = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("simulator\n" + Thought)));
        JsonObject Ask(params JsonNode[] more)
        {
            var body = Prompt("system");
            body["model"] = model;
            body["thinking"] = JsonNode.Parse("""{"type":"enabled","budget_tokens":1024}""");
            body["messages"]!.AsArray().Add((JsonNode)Message("assistant",
                new JsonObject { ["type"] = "thinking", ["thinking"] = Thought, ["signature"] = signature },
                new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_1", ["name"] = "find", ["input"] = new JsonObject() }));
            more[^1]!["content"]![0]!.AsObject().Marked();
            foreach (var message in more)
            {
                body["messages"]!.AsArray().Add(message);
            }

            return body;
        }

        JsonObject Result() => Message("user", new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "toolu_1", ["content"] = Words(300, "Found.") });
        var system = (await AskAsync(gateway, Prompt("system"), "measures")).Written;
        var first = await AskAsync(gateway, Ask(Result()), "mine");
        var turn = await AskAsync(gateway, Ask(Result(), Message("assistant", Text("It is there.")), Message("user", Text("Thanks. And the other?"))), "mine");

        turn.Read.ShouldBe(keeps ? first.Written : system);
        // What a call costs beside its arguments is not public; the two differ in it.
        Math.Abs(turn.Predicted - turn.Read).ShouldBeLessThan(60, $"predicted {turn.Predicted}, read {turn.Read}");
    }

    private static Task<TestGateway> InFrontOfAsync(SimulatorHost upstream)
        => MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl, provider: "");

    private static async Task<(long Read, long Written, long Predicted)> AskAsync(TestGateway gateway, JsonObject body, string key)
    {
        using var response = await gateway.PostAsync(body.ToJsonString(), MessagesBench.Path, ("x-api-key", key), ("anthropic-version", "2023-06-01"), ("x-promptcache-debug", "1"));
        var text = await response.TextAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        var usage = Bodies.Json(text).GetProperty("usage");
        return (usage.GetProperty("cache_read_input_tokens").GetInt64(), usage.GetProperty("cache_creation_input_tokens").GetInt64(),
            long.Parse(response.Header("x-promptcache-predicted-tokens").ShouldNotBeNull(), CultureInfo.InvariantCulture));
    }

    private static JsonObject Prompt(string marked)
    {
        JsonObject tool = Tool("find", Words(1100, "Finds."));
        JsonObject system = Text(Words(600, "You find things."));
        JsonObject message = Text(Words(400, "Find it."));
        foreach (var (name, block) in ((string, JsonObject)[])[("tools", tool), ("system", system), ("messages", message)])
        {
            if (marked == name || marked == "all")
            {
                block.Marked();
            }
        }

        return new JsonObject
        {
            ["model"] = "claude-sonnet-4-5",
            ["max_tokens"] = 4000,
            ["tools"] = new JsonArray(tool),
            ["system"] = new JsonArray(system),
            ["messages"] = new JsonArray(Message("user", message)),
        };
    }

    private static JsonObject Tool(string name, string description)
        => new() { ["name"] = name, ["description"] = description, ["input_schema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } };

    private static JsonObject Change(JsonObject body, string change)
    {
        var tools = body["tools"]!.AsArray();
        var message = body["messages"]![0]!["content"]!.AsArray();
        switch (change)
        {
            case "nothing": break;
            case "tool description": tools[0]!["description"] = Words(1000, "Looks up."); break;
            case "tool added in front": tools.Insert(0, Tool("look", "Looks.")); break;
            case "model": body["model"] = "claude-sonnet-4-0"; break;
            case "web search": tools.Add(JsonNode.Parse("""{"type":"web_search_20250305","name":"web_search"}""")); break;
            case "citations": message.Add(JsonNode.Parse("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"A document."},"citations":{"enabled":true}}""")); break;
            case "speed": body["speed"] = "fast"; break;
            case "system": body["system"]![0]!["text"] = Words(600, "You look for things."); break;
            case "answer's format": body["output_config"] = JsonNode.Parse("""{"format":{"type":"json_schema","schema":{"type":"object"}}}"""); break;
            case "tool_choice": body["tool_choice"] = new JsonObject { ["type"] = "any" }; break;
            case "default tool_choice": body["tool_choice"] = new JsonObject { ["type"] = "auto" }; break;
            case "parallel tool use": body["tool_choice"] = new JsonObject { ["type"] = "auto", ["disable_parallel_tool_use"] = true }; break;
            case "image": message.Add(JsonNode.Parse("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}""")); break;
            case "thinking": body["thinking"] = JsonNode.Parse("""{"type":"enabled","budget_tokens":1024}"""); break;
            case "effort": body["output_config"] = JsonNode.Parse("""{"effort":"low"}"""); break;
            case "message": message[0]!["text"] = Words(400, "Look it up."); break;
            case "message appended": message.Add(Text("Now.")); break;
            default: throw new ArgumentOutOfRangeException(nameof(change), change, message: null);
        }

        return body;
    }
}
