using System.Text;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>However a request ends, what it has rented goes back. Alone, because the pools are everybody's.</summary>
[Collection(nameof(PooledMemoryTests))]
[CollectionDefinition(nameof(PooledMemoryTests), DisableParallelization = true)]
public sealed class PooledMemoryTests
{
    private const int Times = 60;

    [Theory]
    [InlineData("answered")]
    [InlineData("streamed")]
    [InlineData("refused")]
    [InlineData("fallback")]
    [InlineData("upstream cuts a stream")]
    [InlineData("client leaves while sending")]
    [InlineData("client leaves while waiting")]
    [InlineData("client leaves a stream")]
    public async Task Chat_HoweverItEnds_BuffersGoBack(string how)
    {
        await using var upstream = await ScriptedUpstream.StartAsync((context, body) => AnswerAsync(context, Encoding.UTF8.GetString(body)));
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{upstream.BaseUrl}\", \"ApiKey\": \"first\"", $"\"BaseUrl\": \"{upstream.BaseUrl}\", \"ApiKey\": \"second\""));
        using var ledger = new BufferLedger();
        for (var i = 0; i < 20; i++)
        {
            await RequestAsync(gateway, how, i);
        }

        var before = ledger.Outstanding;
        for (var i = 0; i < Times; i++)
        {
            await RequestAsync(gateway, how, 20 + i);
        }

        ledger.Rented.ShouldBeGreaterThan(Times);

        // Connections and prompts that wait for their digests keep a few; a leak keeps one of every request.
        await Eventually.Is(() => ledger.Outstanding - before < Times / 2, $"the buffers are back, {ledger.Outstanding - before} of which were out", seconds: 30);
    }

    private static async Task RequestAsync(TestGateway gateway, string how, int number)
    {
        var body = Bodies.Chat("electron", stream: how.Contains("stream", StringComparison.Ordinal), ("user", $"{number} {how} " + new string('x', 5000)));
        if (how.StartsWith("client", StringComparison.Ordinal))
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync(RawClient.Head($"Content-Length: {body.Length}"));
            await client.SendAsync(how.EndsWith("sending", StringComparison.Ordinal) ? body[..2000] : body);
            if (how.EndsWith("stream", StringComparison.Ordinal))
            {
                await client.ReadUntilAsync("first");
            }

            return;
        }

        try
        {
            using var response = await gateway.SendAsync(how == "refused" ? body[..^1] : body);
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException) when (how == "upstream cuts a stream")
        {
            return;
        }
    }

    private static async Task AnswerAsync(HttpContext context, string body)
    {
        if (body.Contains("fallback", StringComparison.Ordinal) && context.Request.Headers.Authorization == "Bearer first")
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else if (body.Contains("waiting", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        else if (body.Contains("stream", StringComparison.Ordinal) && !body.Contains("\"stream\":false", StringComparison.Ordinal))
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Streams.Text("first"), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (body.Contains("cuts", StringComparison.Ordinal))
            {
                context.Abort();
            }
            else if (body.Contains("leaves", StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            else
            {
                await context.Response.WriteAsync(Streams.Usage + Streams.Done, context.RequestAborted);
            }
        }
        else
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Replies.Json, context.RequestAborted);
        }
    }
}
