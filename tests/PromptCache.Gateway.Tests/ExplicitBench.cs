using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests;

/// <summary>A gateway in store mode with one cache policy, in front of an engine that reports plain prompt tokens; and the bodies that its tests send.</summary>
internal sealed class ExplicitBench : IAsyncDisposable
{
    public const string Sonnet = "claude-sonnet-4-5";

    private readonly SimulatorHost _upstream;

    private ExplicitBench(SimulatorHost upstream, TestGateway gateway, ManualTimeProvider time) => (_upstream, Gateway, Time) = (upstream, gateway, time);

    public TestGateway Gateway { get; }

    public ManualTimeProvider Time { get; }

    public long Forwarded => _upstream.ArrivedRequests;

    public static async Task<ExplicitBench> StartAsync(string policy = "anthropic", string more = "", ManualTimeProvider? time = null, string usage = "plain")
    {
        time ??= new ManualTimeProvider();
        var upstream = await SimulatorHost.StartAsync(new() { Policy = "none", Usage = usage, CompletionTokens = 10 }, cancellationToken: TestContext.Current.CancellationToken);
        var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, time, $$""" "CachePolicy": "{{policy}}", "Usage": "store" """, more);
        return new ExplicitBench(upstream, gateway, time);
    }

    public Task<ChatFigures> ChatAsync(JsonObject body) => Gateway.ChatAsync(body.ToJsonString());

    /// <summary>Sends a request that must be refused, and tells with which status and which <c>param</c>.</summary>
    public async Task<(int Status, string? Param, string? Code)> RefusalAsync(JsonObject body)
    {
        using var response = await Gateway.SendAsync(body.ToJsonString());
        var error = Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
        return ((int)response.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }

    public static JsonObject Body(params JsonNode[] messages) => Body(Sonnet, messages);

    public static JsonObject Body(string model, params JsonNode[] messages) => new() { ["model"] = model, ["messages"] = new JsonArray(messages) };

    /// <summary>Asks for a stream with usage.</summary>
    public static JsonObject Streamed(JsonObject body)
    {
        body["stream"] = true;
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        return body;
    }

    public static JsonObject Message(string role, params JsonNode[] parts) => new() { ["role"] = role, ["content"] = new JsonArray(parts) };

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>A text of exactly so many tokens; those of the chat format (4 per message) are beside it.</summary>
    public static string Words(int tokens, string start) => Bodies.Text(tokens + 4, start);

    public static JsonObject Tool(string name, string description) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = name,
            ["description"] = description,
            ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["query"] = new JsonObject { ["type"] = "string" } } },
        },
    };

    public static JsonObject Image(string url) => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url, ["detail"] = "low" } };

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
