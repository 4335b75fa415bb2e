using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>SIGTERM lets running streams end.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Sigterm_RunningStream_CompletesAndTheProcessEndsWell()
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        using var folder = new ConfigFolder(Configuration(upstream, drainSeconds: 30));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using var response = await ChatAsync(gateway);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadUntilAsync("first");

        await gateway.SignalAsync("-TERM");
        await Eventually.Async(() => IsClosedAsync(gateway), "new requests are turned away");

        pieces.Writer.TryWrite(Streams.Text("second"));
        (await stream.ReadUntilAsync("second")).ShouldContain("second");
        // Longer than the two seconds that command line libraries grant by default.
        using var patience = new PeriodicTimer(TimeSpan.FromSeconds(2.5));
        await patience.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        pieces.Writer.Finish();
        (await stream.ReadUntilAsync("[DONE]")).ShouldContain("[DONE]");
        (await gateway.ExitAsync()).ShouldBe(0, gateway.Output);
        gateway.Output.Split('\n').Count(l => l.Contains("/v1/chat/completions 200", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Sigterm_StreamThatNeverEnds_IsCutAfterDrainSeconds()
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        using var folder = new ConfigFolder(Configuration(upstream, drainSeconds: 1));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using var response = await ChatAsync(gateway);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadUntilAsync("first");

        await gateway.SignalAsync("-TERM");

        (await gateway.ExitAsync(seconds: 10)).ShouldBe(0, gateway.Output);
        gateway.Output.ShouldNotContain("Unhandled");
    }

    [Fact]
    public async Task Sigterm_Again_CutsWhatStillRuns()
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        using var folder = new ConfigFolder(Configuration(upstream, drainSeconds: 600));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using var response = await ChatAsync(gateway);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadUntilAsync("first");

        await gateway.SignalAsync("-TERM");
        await Eventually.Async(() => IsClosedAsync(gateway), "new requests are turned away");
        pieces.Writer.TryWrite(Streams.Text("second"));
        await stream.ReadUntilAsync("second");
        await gateway.SignalAsync("-TERM");

        (await gateway.ExitAsync()).ShouldBe(0, gateway.Output);
        gateway.Output.ShouldNotContain("Unhandled");
    }

    private static async Task<bool> IsClosedAsync(GatewayProcess gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway.Client.BaseAddress };
        try
        {
            using var response = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);
            return !response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static Task<HttpResponseMessage> ChatAsync(GatewayProcess gateway)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Bodies.Chat("electron", stream: true, ("user", "Hello."))) };
        return gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static string Configuration(ScriptedUpstream upstream, int drainSeconds) => $$"""
        { "PromptCache": { "Limits": { "DrainSeconds": {{drainSeconds}} },
            "Providers": { "up": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }
        """;
}
