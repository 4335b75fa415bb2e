using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Tests;

/// <summary>A simulator on its own port, a clock that a test moves, and a client.</summary>
internal sealed class TestSimulator : IAsyncDisposable
{
    private TestSimulator(SimulatorHost host, TestClock clock)
    {
        (Host, Clock) = (host, clock);
        Client = new() { BaseAddress = new(host.BaseUrl) };
    }

    public SimulatorHost Host { get; }

    public TestClock Clock { get; }

    public HttpClient Client { get; }

    public static async Task<TestSimulator> StartAsync(SimulatorOptions? options = null)
    {
        var clock = new TestClock();
        options ??= new();
        options.Tokenizers ??= new WordTokenizer();
        return new(await SimulatorHost.StartAsync(options, clock), clock);
    }

    /// <summary>So many words, all different from those of another name.</summary>
    public static string Words(int count, string name = "word") => string.Join(' ', Enumerable.Range(0, count).Select(i => $"{name}{i}"));

    public static JsonObject Chat(params (string Role, string Content)[] messages) => new()
    {
        ["model"] = "electron",
        ["messages"] = new JsonArray([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]),
    };

    public HttpRequestMessage Request(string path, JsonNode body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return request;
    }

    /// <summary>Posts a body and reads the JSON reply, whatever its status.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, JsonNode body, params (string Name, string Value)[] headers)
    {
        using var response = await Client.SendAsync(Request(path, body, headers));
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement);
    }

    /// <summary>Posts a chat completion that must succeed.</summary>
    public async Task<JsonElement> ChatAsync(JsonNode body, params (string Name, string Value)[] headers)
    {
        var (status, reply) = await PostAsync("/v1/chat/completions", body, headers);
        status.ShouldBe(200, reply.ToString());
        return reply;
    }

    /// <summary>Posts a chat completion that is streamed, and reads the data of its events.</summary>
    public async Task<string[]> StreamAsync(JsonNode body, params (string Name, string Value)[] headers)
    {
        body["stream"] = true;
        return [.. (await EventsAsync("/v1/chat/completions", body, headers)).Select(e => e.Data)];
    }

    /// <summary>Posts a body and reads the reply's events.</summary>
    public async Task<(string? Name, string Data)[]> EventsAsync(string path, JsonNode body, params (string Name, string Value)[] headers)
    {
        using var response = await Client.SendAsync(Request(path, body, headers));
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Event)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }

    private static (string? Name, string Data) Event(string text)
    {
        var lines = text.Split('\n');
        return (lines.FirstOrDefault(l => l.StartsWith("event: ", StringComparison.Ordinal))?[7..], lines.Single(l => l.StartsWith("data: ", StringComparison.Ordinal))[6..]);
    }
}
