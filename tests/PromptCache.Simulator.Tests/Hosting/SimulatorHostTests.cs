using System.Text;
using PromptCache.Simulator.Hosting;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Hosting;

public sealed class SimulatorHostTests
{
    [Fact]
    public async Task Requests_Recorded_AreTheRawBytesInOrder()
    {
        await using var simulator = await StartAsync(new() { RecordRequests = 2 });
        foreach (var text in new[] { "{ \"a\" :1.0}", "{\"b\":\t2}", "{\"c\":3}\n" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions?x=%20y") { Content = content };
            request.Headers.Add("X-Own", ["1", "2"]);
            using var response = await simulator.Client.SendAsync(request);
        }

        simulator.Host.ArrivedRequests.ShouldBe(3);
        simulator.Host.Requests.Select(r => r.Number).ShouldBe([2, 3]);
        simulator.Host.Requests.Select(r => Encoding.UTF8.GetString(r.Body.Span)).ShouldBe(["{\"b\":\t2}", "{\"c\":3}\n"]);
        simulator.Host.Requests[0].Path.ShouldBe("/v1/chat/completions?x=%20y");
        simulator.Host.Requests[0].Headers["x-own"].ShouldBe("1, 2");

        simulator.Host.Clear();
        simulator.Host.ArrivedRequests.ShouldBe(0);
        simulator.Host.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("policy", "opneai")]
    [InlineData("usage", "opneai")]
    [InlineData("error", "nonsense")]
    [InlineData("completion-tokens", "-1")]
    [InlineData("tokens-per-chunk", "0")]
    [InlineData("unheard-of", "1")]
    public async Task Headers_WithoutAMeaning_AreRefused(string name, string value)
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync("/v1/chat/completions", Chat(("user", "x")), ($"x-sim-{name}", value));
        status.ShouldBe(400);
        reply.Text("error", "message").ShouldContain(value);
        reply.Text("error", "code").ShouldBe("simulator");
    }

    [Fact]
    public async Task StartAsync_UnknownPolicy_SaysWhichThereAre()
    {
        var exception = await Should.ThrowAsync<ArgumentException>(SimulatorHost.StartAsync(new() { Policy = "nobody", Tokenizers = new WordTokenizer() }));
        exception.Message.ShouldContain("electron");
    }

    [Fact]
    public async Task StartAsync_OutOfRange_IsRefused()
        => (await Should.ThrowAsync<ArgumentException>(SimulatorHost.StartAsync(new() { TokensPerChunk = 0 }))).Message.ShouldContain("TokensPerChunk");

    [Fact]
    public async Task Control_ConfigAndRequests_SteerFromOutside()
    {
        await using var simulator = await StartAsync(new() { RecordRequests = 10 });
        (await SendAsync(simulator, HttpMethod.Post, "/__sim/config", """{"error":"429","errorTimes":1,"completionTokens":3}""")).ShouldBe((204, ""));
        (await simulator.PostAsync("/v1/chat/completions", Chat(("user", "x")))).Status.ShouldBe(429);
        (await simulator.ChatAsync(Chat(("user", "x")))).Int("usage", "completion_tokens").ShouldBe(3);

        var (status, report) = await SendAsync(simulator, HttpMethod.Get, "/__sim/requests");
        status.ShouldBe(200);
        report.Parse().Int("arrived").ShouldBe(2);
        report.Parse().At("requests", 1, "body").GetString()!.Parse().Text("model").ShouldBe("electron");

        (await SendAsync(simulator, HttpMethod.Delete, "/__sim/requests")).ShouldBe((204, ""));
        simulator.Host.Requests.ShouldBeEmpty();
        (await SendAsync(simulator, HttpMethod.Delete, "/__sim/cache")).ShouldBe((204, ""));
        (await simulator.ChatAsync(Chat(("user", "x")))).Cached().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"policy":"nobody"}""")]
    [InlineData("""{"unheardOf":1}""")]
    [InlineData("""{"tokensPerSecond":-1}""")]
    [InlineData("""{"completionTokens":"many"}""")]
    [InlineData("""[""")]
    public async Task Control_BadConfig_IsRefusedWhole(string config)
    {
        await using var simulator = await StartAsync();
        var (status, _) = await SendAsync(simulator, HttpMethod.Post, "/__sim/config", config);
        status.ShouldBe(400);
        simulator.Host.Options.ShouldBe(new SimulatorOptions { Tokenizers = simulator.Host.Options.Tokenizers, Models = simulator.Host.Options.Models });
    }

    [Fact]
    public async Task CountTokens_Off_FourBytesAreAToken()
    {
        await using var simulator = await StartAsync(new() { CountTokens = false });
        var body = Chat(("user", Words(100)));
        (await simulator.ChatAsync(body)).Int("usage", "prompt_tokens").ShouldBe(Encoding.UTF8.GetByteCount(body.ToJsonString()) / 4);
        (await simulator.ChatAsync(body)).Cached().ShouldBe(0);
    }

    private static async Task<(int Status, string Body)> SendAsync(TestSimulator simulator, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        using var response = await simulator.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
