using System.Globalization;
using System.Text;
using System.Text.Json;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Streams in every spelling and cut anywhere: outside the usage event the client gets the upstream's bytes.</summary>
public sealed class HostileStreamTests
{
    private const int Seed = 20261122;
    private const string UsageEvent = """data: {"id":"c1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":3,"total_tokens":23}}""" + "\n\n";
    private static readonly string Asks = Bodies.Chat("electron", stream: true, ("user", "hi"));
    private static readonly string DoesNotAsk = """{"model":"electron","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    private static readonly string Before = ": hello\n\n\n\nretry: 10\nevent: message\nid: 7\n" + Replies.Chunk("one")
        + "data: {\"choices\":[{\"index\":0,\ndata:\"delta\":{\"content\":\"tw\\ud83d\\ude00o \"}}]}\n\n"
        + "event: ping\ndata: not json }\n\ndata\n\ndatax: 1\n\n" + Replies.Chunk("日本 😀 \\\"usage\\\":{}") + Replies.Finish + ": last\n\n";

    [Theory]
    [InlineData("\n", "", true)]
    [InlineData("\r\n", "", true)]
    [InlineData("\r", "", true)]
    [InlineData("mixed", "", true)]
    [InlineData("\n", "\uFEFF", true)]
    [InlineData("\r\n", "\uFEFF", false)]
    [InlineData("mixed", "\uFEFF", false)]
    public async Task Stream_AnySpellingCutAnywhere_OnlyTheUsageEventChanges(string lineEnd, string mark, bool asks)
    {
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(Seed + round);
            string Spelt(string text) => string.Concat(text.Select(c => c == '\n' ? lineEnd == "mixed" ? random.Next(2) == 0 ? "\r\n" : "\n" : lineEnd : c.ToString()));
            var (before, usage, after) = (mark + Spelt(Before), Spelt(UsageEvent), Spelt(Replies.Done) + Spelt("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9}}\n\n: behind\n\nhalf"));

            var text = await StreamAsync(asks ? Asks : DoesNotAsk, before + usage + after, round == 0 ? 1 : random.Next(2, 200), random, isChunked: round % 2 == 0);

            text.ShouldStartWith(before, customMessage: $"seed {Seed + round}");
            text.ShouldEndWith(after, customMessage: $"seed {Seed + round}");
            var rest = text[before.Length..^after.Length];
            if (!asks)
            {
                rest.ShouldBeEmpty();
                continue;
            }

            using var chunk = JsonDocument.Parse(rest.Trim()["data: ".Length..]);
            chunk.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(3);
            chunk.RootElement.GetProperty("cost_details").GetProperty("status").GetString().ShouldBe("exact");
            rest.Trim().ShouldStartWith(UsageEvent[..UsageEvent.IndexOf("\"usage\"", StringComparison.Ordinal)]);
        }
    }

    [Fact]
    public async Task Stream_LastEventWithoutItsBlankLine_IsReadAndFollowedByNothingElse()
    {
        var wire = Replies.Chunk("Hello there.") + Replies.Finish + Replies.Usage.TrimEnd('\n');
        var text = await StreamAsync(Asks, wire, 7, new Random(Seed), isChunked: true);
        text.ShouldStartWith(Replies.Chunk("Hello there.") + Replies.Finish);
        Bodies.Json(text[(text.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..]).GetProperty("cost_details").GetProperty("status").GetString().ShouldBe("exact");
    }

    [Fact]
    public async Task Stream_UsageOnEveryChunk_TheLastIsBilledAndShownOnce()
    {
        string With(string chunk, int tokens) => chunk.Replace("}\n", $",\"usage\":{{\"prompt_tokens\":20,\"completion_tokens\":{tokens},\"total_tokens\":{20 + tokens}}}}}\n", StringComparison.Ordinal);
        var wire = With(Replies.Chunk("one"), 1) + With(Replies.Chunk("two"), 2) + With(Replies.Finish, 3) + Replies.Done;
        var text = await StreamAsync(Asks, wire, 3, new Random(Seed), isChunked: true);
        text.Split("cost_details").Length.ShouldBe(2, text);
        text.ShouldContain("\"completion_tokens\":3");
        (await StreamAsync(DoesNotAsk, Replies.Chunk("one") + Replies.Finish + Replies.Done, 1, new Random(Seed), isChunked: true)).ShouldBe(Replies.Chunk("one") + Replies.Finish + Replies.Done);
    }

    [Fact]
    public async Task Stream_FrameOfAMegabyte_Passes()
    {
        var wire = Replies.Chunk(new string('x', 1 << 20)) + Replies.Finish + Replies.Done;
        (await StreamAsync(DoesNotAsk, wire, 100_000, new Random(Seed), isChunked: true)).ShouldBe(wire);
    }

    private static async Task<string> StreamAsync(string body, string wire, int longest, Random random, bool isChunked)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        await using var upstream = new RawUpstream(async (head, connection, stop) =>
        {
            connection.Socket.NoDelay = true;
            await RawUpstream.SkipBodyAsync(head, connection, stop);
            await connection.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n" + (isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Connection: close\r\n\r\n")), stop);
            for (var at = 0; at < bytes.Length;)
            {
                var piece = bytes.AsMemory(at, Math.Min(random.Next(1, longest + 1), bytes.Length - at));
                at += piece.Length;
                await connection.WriteAsync(isChunked ? (byte[])[.. Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. piece.Span, (byte)'\r', (byte)'\n'] : piece, stop);
            }

            await connection.WriteAsync(isChunked ? "0\r\n\r\n"u8.ToArray() : [], stop);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var response = await gateway.SendAsync(body);
        return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
