using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Many requests at once.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Chat_IdenticalColdRequestsAtOnce_AllMissThenHit()
    {
        const int count = 64;
        using var all = new CountdownEvent(count);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            // Nobody is answered before everybody has arrived.
            if (!all.IsSet && all.Signal())
            {
                go.SetResult();
            }

            await go.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Replies.Json, context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var body = Bodies.Chat(("system", "You are a helpful assistant."), ("user", "What is 2+2?"));

        var cold = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => gateway.ChatAsync(body)));
        var warm = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => gateway.ChatAsync(body)));

        cold.ShouldAllBe(f => f.Cached == 0);
        warm.ShouldAllBe(f => f.Cached > 0);
    }

    [Fact]
    public async Task Chat_GoneOutBeforeAnotherHadBegun_ReadsNothingOfIt()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new SemaphoreSlim(0);
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, body) =>
        {
            // The first is answered at once when the second is there, whose long end is still being counted then.
            arrived.Release();
            if (body.Length > 100_000)
            {
                second.TrySetResult();
            }

            await second.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"choices":[{"index":0,"message":{"role":"assistant","content":"4"},"finish_reason":"stop"}]}""", context.RequestAborted);
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        var shared = Bodies.Text(2000, "You are a helpful assistant.");
        var brief = Bodies.Chat(("system", shared), ("user", "What is 2+2?"));

        var one = gateway.ChatAsync(brief);
        await arrived.WaitAsync(TestContext.Current.CancellationToken);
        var two = gateway.ChatAsync(Bodies.Chat(("system", shared), ("user", string.Join(' ', Enumerable.Range(0, 300_000)))));

        (await one).Cached.ShouldBe(0);
        (await two).Cached.ShouldBe(0);
        (await gateway.ChatAsync(brief)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(2000);
    }

    [Fact]
    public async Task Chat_MixedRequestsAtOnce_KeepTheirOwnBytesAndFigures()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, body) =>
        {
            var request = Bodies.Json(Encoding.UTF8.GetString(body));
            var tag = request.GetProperty("user").GetString()!;
            var number = int.Parse(tag.AsSpan(1), CultureInfo.InvariantCulture);
            if (request.GetProperty("messages")[0].GetProperty("content").GetString() != Content(number))
            {
                context.Response.StatusCode = 500;
                return;
            }

            var usage = $$"""{"prompt_tokens":{{1000 + number}},"completion_tokens":{{number}},"total_tokens":{{1000 + (2 * number)}}}""";
            if (number % 2 == 0)
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($$$"""{"model":"{{{tag}}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{{tag}}}"},"finish_reason":"stop"}],"usage":{{{usage}}}}""", context.RequestAborted);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            foreach (var piece in (string[])[Replies.Chunk(tag), Replies.Finish, $$$"""data: {"id":"c1","model":"{{{tag}}}","choices":[],"usage":{{{usage}}}}""" + "\n\n", Replies.Done])
            {
                foreach (var half in piece.Chunk((piece.Length / 2) + 1))
                {
                    await context.Response.WriteAsync(new string(half), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }
            }
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        await Parallel.ForEachAsync(Enumerable.Range(1, 200), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, async (number, ct) =>
        {
            var body = $$"""{"model":"electron","user":"u{{number}}",{{(number % 2 == 0 ? "" : "\"stream\":true,\"stream_options\":{\"include_usage\":true},")}}"messages":[{"role":"user","content":"{{Content(number)}}"}]}""";
            using var response = await gateway.SendAsync(body);
            var text = await response.Content.ReadAsStringAsync(ct);
            text.ShouldContain($"\"content\":\"u{number}\"");
            var figures = ChatFigures.Read(text, response);
            (figures.Prompt, figures.Completion).ShouldBe((1000 + number, number), text);
        });
    }

    [Fact]
    public async Task Chat_ClientsThatLeaveAmongOthers_DisturbNobody()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 20, CountTokens = false }, cancellationToken: TestContext.Current.CancellationToken);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        await Parallel.ForEachAsync(Enumerable.Range(1, 120), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (number, ct) =>
        {
            var body = Bodies.Chat("electron", stream: number % 2 == 0, ("user", Content(number)));
            if (number % 3 == 0)
            {
                await using var client = await RawClient.ConnectAsync(gateway.Address);
                await client.SendAsync(RawClient.Head($"Content-Length: {Encoding.UTF8.GetByteCount(body)}") + body);
                return;
            }

            using var response = await gateway.SendAsync(body);
            (await response.Content.ReadAsStringAsync(ct)).ShouldContain("\"completion_tokens\":20");
        });

        log.Errors.ShouldBeEmpty();
    }

    private static string Content(int number) => string.Concat(Enumerable.Repeat($"w{number} ", 50 + (number * 20)));
}
