using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Breakpoints;

/// <summary>A gateway in front of simulated Anthropic, on a clock that the test moves.</summary>
internal sealed class ClaudeBench : IAsyncDisposable
{
    public const string Model = "claude-sonnet-4-5";

    private readonly SimulatorHost _claude;
    private readonly TestGateway _gateway;
    private readonly ManualTimeProvider _time;

    private ClaudeBench(SimulatorHost claude, TestGateway gateway, ManualTimeProvider time) => (_claude, _gateway, _time) = (claude, gateway, time);

    public static async Task<ClaudeBench> StartAsync(string breakpoints, string usage = "provider")
    {
        var time = new ManualTimeProvider();
        var claude = await SimulatorHost.StartAsync(new SimulatorOptions { RecordRequests = 1000, CompletionTokens = 20 }, time, TestContext.Current.CancellationToken);
        var gateway = await TestGateway.StartAsync(
            $$"""{ "PromptCache": { "Providers": { "anthropic": { "BaseUrl": "{{claude.BaseUrl}}", "ApiKey": "sk-ant-test", "Breakpoints": "{{breakpoints}}", "Usage": "{{usage}}" } } } }""", time);
        return new(claude, gateway, time);
    }

    public void Wait(TimeSpan time) => _time.Advance(time);

    public Task<ChatFigures> ChatAsync(params (string Role, string Content)[] messages) => SendAsync(Bodies.Chat(Model, stream: false, messages));

    public Task<ChatFigures> SendAsync(string body) => _gateway.ChatAsync(body);

    public Task<ChatFigures> SendAsync(JsonArray messages, JsonArray? tools = null)
    {
        var body = new JsonObject { ["model"] = Model };
        if (tools is not null)
        {
            body["tools"] = tools.DeepClone();
        }

        body["messages"] = messages.DeepClone();
        return SendAsync(body.ToJsonString());
    }

    /// <summary>The places of the markers in what the provider got last, such as <c>tools.0 system.0 messages.2.0</c>.</summary>
    public string LastMarkers() => string.Join(' ', Markers(Bodies.Json(Encoding.UTF8.GetString(_claude.Requests[^1].Body.Span))));

    private static IEnumerable<string> Markers(JsonElement body)
    {
        foreach (var level in (string[])["tools", "system"])
        {
            foreach (var marker in body.TryGetProperty(level, out var items) ? Of(items, level) : [])
            {
                yield return marker;
            }
        }

        foreach (var (message, i) in body.GetProperty("messages").EnumerateArray().Select((m, i) => (m, i)))
        {
            foreach (var marker in Of(message.GetProperty("content"), $"messages.{i}"))
            {
                yield return marker;
            }
        }
    }

    private static IEnumerable<string> Of(JsonElement items, string path)
        => items.EnumerateArray().Select((item, i) => (item, i)).Where(x => x.item.TryGetProperty("cache_control", out _)).Select(x => $"{path}.{x.i}");

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _claude.DisposeAsync();
    }
}
