using System.Text;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.OpenAI;

public sealed class PaceTests
{
    [Fact]
    public async Task Stream_WithDelayAndRate_TokensComeWhenTheyAreDue()
    {
        await using var simulator = await StartAsync(new() { FirstTokenDelayMs = 1000, TokensPerSecond = 2, CompletionTokens = 3 });
        var body = Chat(("user", "hello"));
        body["stream"] = true;
        var pending = simulator.Client.SendAsync(simulator.Request("/v1/chat/completions", body), HttpCompletionOption.ResponseHeadersRead);
        await simulator.Clock.NextWaitAsync();
        pending.IsCompleted.ShouldBeFalse();

        simulator.Clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await pending;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
        (await ContentAsync(reader)).ShouldBe("");
        (await ContentAsync(reader)).ShouldNotBeEmpty();

        var second = ContentAsync(reader);
        await simulator.Clock.NextWaitAsync();
        second.IsCompleted.ShouldBeFalse();
        simulator.Clock.Advance(TimeSpan.FromSeconds(0.5));
        (await second).ShouldNotBeEmpty();
    }

    private static async Task<string> ContentAsync(StreamReader reader)
    {
        var line = await reader.ReadLineAsync();
        await reader.ReadLineAsync();
        return line![6..].Parse().Text("choices", 0, "delta", "content");
    }
}
