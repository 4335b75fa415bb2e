using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Streams, whole and broken.</summary>
public sealed class StreamingTests
{
    private static readonly string Asks = Bodies.Chat("electron", stream: true, ("user", "hi"));
    private static readonly string DoesNotAsk = """{"model":"electron","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stream_EachEvent_ReachesTheClientBeforeTheNextIsSent()
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var first = Replies.Chunk("one");
        pieces.Writer.TryWrite(first);
        using var response = await gateway.SendAsync(DoesNotAsk);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        (await ReadAsync(body, first.Length)).ShouldBe(first);

        foreach (var piece in (string[])[Replies.Chunk("two"), ": still thinking\n\n", "event: x\r\ndata: a\r\ndata:b\r\n\r\n", Replies.Chunk(new string('x', 1 << 20)), Replies.Finish])
        {
            pieces.Writer.TryWrite(piece);
            (await ReadAsync(body, piece.Length)).ShouldBe(piece);
        }

        pieces.Writer.TryWrite(Replies.Usage);
        pieces.Writer.TryWrite(Replies.Done);
        pieces.Writer.Complete();
        (await new StreamReader(body).ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(Replies.Done, "no usage chunk was asked for");
    }

    [Fact]
    public async Task Stream_PromptsAreStillBeingCounted_FirstBytesHaveCome()
    {
        using var tokenizers = new GatedTokenizers();
        var configuration = """{ "PromptCache": { "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "URL", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }""";
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Streams.Text("first") + Streams.Usage + Streams.Done, context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync(new Hosting.ServeSettings { ConfigText = configuration.Replace("URL", upstream.BaseUrl, StringComparison.Ordinal), Tokenizers = tokenizers });

        // More prompts than there are threads, and none of them can be counted; the last one has 8 MB.
        var sizes = Enumerable.Repeat(100_000, (3 * Environment.ProcessorCount) + 4).Append(8 << 20).ToArray();
        var responses = await Task.WhenAll(sizes.Select((size, i) => gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", $"{i} " + string.Concat(Enumerable.Repeat("some words ", size / 11)))))));
        var bodies = await Task.WhenAll(responses.Select(r => r.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
        await Task.WhenAll(bodies.Select(b => b.ReadUntilAsync("first", seconds: 60)));

        tokenizers.CameOnPool.ShouldNotBeEmpty();
        tokenizers.CameOnPool.ShouldAllBe(onPool => !onPool, "the pool's threads carry bytes");
        tokenizers.Open();
        var rests = await Task.WhenAll(bodies.Select(b => new StreamReader(b).ReadToEndAsync(TestContext.Current.CancellationToken)));
        rests.ShouldAllBe(rest => rest.Contains("\"cached_tokens\":0", StringComparison.Ordinal) && rest.EndsWith(Streams.Done, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_UpstreamSilentAboutUsage_GetsAChunkBeforeDone()
    {
        var pieces = Channel.CreateUnbounded<string>();
        foreach (var piece in (string[])[Replies.Chunk("Hello there."), Replies.Finish, Replies.Done])
        {
            pieces.Writer.TryWrite(piece);
        }

        pieces.Writer.Complete();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Asks);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var figures = ChatFigures.Read(text, response);

        text.ShouldEndWith(Replies.Done);
        figures.Source.ShouldBe("estimated");
        figures.Prompt.ShouldBeGreaterThan(0);
        figures.Completion.ShouldBe(3);
    }

    [Fact]
    public async Task Stream_UpstreamCutsOff_IsAbortedAndStillCounted()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "cut", ErrorAfter = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        // The reset may overtake what was sent, headers included.
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ChatAsync(DoesNotAsk));
        var record = await log.NextRequestAsync();

        record["Status"].ShouldBe(200);
        record["Error"].ShouldBe("ResponseBodyDestination");
        record["PromptTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        record["CompletionTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        record["Source"].ShouldBe("estimated");
        record["Cost"].ShouldBeOfType<decimal>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_UpstreamFallsSilent_IsAbortedAndStillCounted()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "hang-mid-stream", ErrorAfter = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log, """ "CachePolicy": "electron", "Usage": "store", "Timeout": "1s" """);

        // The reset may overtake what was sent, headers included.
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ChatAsync(DoesNotAsk));
        var record = await log.NextRequestAsync();

        record["Status"].ShouldBe(200, "the client did not leave");
        record["CompletionTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_ClientLeaves_CancelsTheUpstreamCountsAndRecords()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "hang-mid-stream", ErrorAfter = 5, ErrorTimes = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using (var response = await gateway.SendAsync(DoesNotAsk))
        {
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await ReadAsync(body, 20);
        }

        await upstream.WaitForAbortsAsync(1, TestContext.Current.CancellationToken);
        var record = await log.NextRequestAsync();
        var again = await gateway.ChatAsync(Asks);

        record["Status"].ShouldBe(499);
        record["CompletionTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        again.Cached.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_ErrorEvent_Passes()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "error-event" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Asks);

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("data: {\"error\":");
    }

    private static async Task<string> ReadAsync(Stream body, int length)
    {
        var bytes = new byte[length];
        await body.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(bytes);
    }
}
