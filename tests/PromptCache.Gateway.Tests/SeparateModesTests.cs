using System.Text.Json.Nodes;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>Qwen: what is marked and what the provider caches by itself are two caches, and a request reads and writes one of them.</summary>
public sealed class SeparateModesTests
{
    private static readonly string Rules = Words(1500, "You are a support agent.");

    [Theory]
    [InlineData("qwen", true, 0, 0, 1504)]
    [InlineData("qwen", false, 0, 1504, 1510)]
    [InlineData("one", true, 1510, 0, 1504)]
    [InlineData("one", false, 0, 1504, 1510)]
    public async Task Chat_WithMarkersAndWithout_ReadsItsOwnModesEntriesOnly(string policy, bool markedFirst, int secondReads, int secondWrites, int thirdReads)
    {
        await using var bench = await StartAsync(policy, """ "CachePolicies": { "one": { "Extends": "qwen", "SeparateModes": false } } """);
        JsonObject Ask(bool marked) => Body("electron", Message("system", marked ? Text(Rules).Marked() : Text(Rules)), Message("user", Text("Hello.")));

        var first = await bench.ChatAsync(Ask(markedFirst));
        var second = await bench.ChatAsync(Ask(!markedFirst));
        var third = await bench.ChatAsync(Ask(markedFirst));

        (first.Cached, first.Written).ShouldBe((0, markedFirst ? 1504 : 0));
        (second.Cached, second.Written, third.Cached, third.Written).ShouldBe((secondReads, secondWrites, thirdReads, 0));
    }

    [Fact]
    public async Task Chat_InTheOtherMode_RenewsNothing()
    {
        await using var bench = await StartAsync("qwen");
        JsonObject Ask(bool marked) => Body("electron", Message("system", marked ? Text(Rules).Marked() : Text(Rules)), Message("user", Text("Hello.")));

        await bench.ChatAsync(Ask(marked: false));
        bench.Time.Advance(TimeSpan.FromMinutes(4));
        await bench.ChatAsync(Ask(marked: true));
        bench.Time.Advance(TimeSpan.FromMinutes(2));

        (await bench.ChatAsync(Ask(marked: false))).Cached.ShouldBe(0);
        (await bench.ChatAsync(Ask(marked: true))).Cached.ShouldBe(1504);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_InFrontOfTheProvider_PredictsWhatItReports(bool markedFirst)
    {
        var time = new ManualTimeProvider();
        await using var upstream = await SimulatorHost.StartAsync(new() { Policy = "qwen", CompletionTokens = 1 }, time, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, time, """ "Preset": "qwen" """);
        for (var turn = 0; turn < 6; turn++)
        {
            var marked = markedFirst == (turn % 2 == 0);
            var body = Body("electron", Message("system", marked ? Text(Rules).Marked() : Text(Rules)), Message("user", Text("Hello.")));
            var (figures, difference) = await DebugAsync(gateway, body);

            (figures.Cached, difference).ShouldBe((turn < 2 ? 0 : marked ? 1504 : 1510, "0"), $"turn {turn}");
        }
    }

    [Fact]
    public async Task Chat_GatewayMarks_SeesWhatWasSentUnmarkedAndReadsItsOwn()
    {
        var time = new ManualTimeProvider();
        await using var upstream = await SimulatorHost.StartAsync(new() { Policy = "qwen", CompletionTokens = 1 }, time, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, time, """ "Preset": "qwen", "Breakpoints": "adaptive" """);
        var body = Body("electron", Message("system", Text(Rules)), Message("user", Text("Hello.")));

        var seen = new List<(long? Cached, long Written, string Difference)>();
        for (var turn = 0; turn < 3; turn++)
        {
            var (figures, difference) = await DebugAsync(gateway, body);
            seen.Add((figures.Cached, figures.Written ?? 0, difference));
        }

        // Unmarked; marked and written, because it was seen; read.
        seen.ShouldBe([(0, 0, "0"), (0, 1510, "0"), (1510, 0, "0")]);
    }

    [Fact]
    public async Task Explain_KnownInTheOtherMode_SaysSo()
    {
        await using var bench = await StartAsync("qwen");
        await bench.ChatAsync(Body("electron", Message("system", Text(Rules).Marked()), Message("user", Text("Hello."))));

        var report = await ExplainTests.ExplainAsync(bench.Gateway, Body("electron", Message("system", Text(Rules)), Message("user", Text("Hello."))));

        report.FirstDifference.ShouldNotBeNull().Causes.ShouldHaveSingleItem().Code.ShouldBe(CauseCode.OtherMode);
    }

    private static async Task<(ChatFigures Figures, string Difference)> DebugAsync(TestGateway gateway, JsonObject body)
    {
        using var response = await gateway.SendAsync(body.ToJsonString(), headers: ("x-promptcache-debug", "1"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (ChatFigures.Read(text, response), response.Headers.GetValues("x-promptcache-difference").Single());
    }
}
