using System.Text.Json;
using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Which usage of a stream is billed, and what the client sees of it.</summary>
public sealed class StreamedUsageTests
{
    private static readonly string Asks = Bodies.Chat("electron", stream: true, ("user", "hi"));
    private static readonly string DoesNotAsk = """{"model":"electron","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stream_InterimUsageChunk_TheLastUsageIsBilled()
    {
        var text = await StreamAsync(Asks, Replies.Chunk("one"), UsageChunk(0), Replies.Chunk("two"), Replies.Finish, UsageChunk(9), Replies.Done);
        text.ShouldStartWith(Replies.Chunk("one"));
        text.ShouldEndWith(Replies.Done);
        var (usage, cost) = OnlyUsage(text);
        usage.GetProperty("completion_tokens").GetInt64().ShouldBe(9);
        cost.GetProperty("completion_cost").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_UsageChunkTwice_TheSecondIsBilled()
    {
        var text = await StreamAsync(Asks, Replies.Chunk("one"), Replies.Finish, UsageChunk(2), UsageChunk(7), Replies.Done);
        OnlyUsage(text).Usage.GetProperty("completion_tokens").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task Stream_InterimUsageChunk_ClientThatDidNotAskSeesNone()
    {
        var text = await StreamAsync(DoesNotAsk, Replies.Chunk("one"), UsageChunk(0), Replies.Chunk("two"), UsageChunk(9), Replies.Done);
        text.ShouldBe(Replies.Chunk("one") + Replies.Chunk("two") + Replies.Done);
    }

    [Fact]
    public async Task Stream_OnlyTheUsageChunk_IsShown()
    {
        var text = await StreamAsync(Asks, UsageChunk(3), Replies.Done);
        OnlyUsage(text).Usage.GetProperty("completion_tokens").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Stream_StoreMode_NoPriceOfTheUpstreams()
    {
        const string Prices = ",\"cost\":9.9,\"cost_in_usd_ticks\":99,\"cost_details\":{\"upstream_inference_cost\":9.9},\"is_byok\":false";
        var running = Replies.Chunk("one").Replace("}\n", ",\"usage\":{\"prompt_tokens\":210,\"completion_tokens\":1,\"total_tokens\":211" + Prices + "}}\n", StringComparison.Ordinal);
        foreach (var body in (string[])[Asks, DoesNotAsk])
        {
            var text = await StreamAsync(body, running, UsageChunk(9, Prices), Replies.Done);
            text.ShouldContain("\"completion_tokens\":1");
            text.ShouldNotContain("9.9");
            text.ShouldNotContain("cost_in_usd_ticks");
            text.ShouldNotContain("is_byok");
        }
    }

    private static string UsageChunk(int completion, string more = "")
        => Replies.Usage.Replace("\"prompt_tokens\":20,\"completion_tokens\":3,\"total_tokens\":23", $"\"prompt_tokens\":210,\"completion_tokens\":{completion},\"total_tokens\":{210 + completion}{more}", StringComparison.Ordinal);

    private static async Task<string> StreamAsync(string body, params string[] events)
    {
        var pieces = Channel.CreateUnbounded<string>();
        foreach (var piece in events)
        {
            pieces.Writer.TryWrite(piece);
        }

        pieces.Writer.Complete();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var response = await gateway.SendAsync(body);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static (JsonElement Usage, JsonElement Cost) OnlyUsage(string stream)
    {
        var chunk = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e["data: ".Length..])
            .Where(data => data != "[DONE]")
            .Select(data => JsonElement.Parse(data))
            .Where(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            .ShouldHaveSingleItem();
        return (chunk.GetProperty("usage"), chunk.GetProperty("cost_details"));
    }
}
