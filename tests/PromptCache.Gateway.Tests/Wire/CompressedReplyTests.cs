using System.IO.Compression;
using System.Net;
using System.Text;
using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Replies that come compressed although they were asked not to: they are read and billed like any other.</summary>
public sealed class CompressedReplyTests
{
    private static readonly string Body = Bodies.Chat(("user", "hi"));
    private static readonly string Asks = Bodies.Chat("electron", stream: true, ("user", "hi"));

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, br")]
    [InlineData("identity")]
    public async Task Json_Encoded_HasItsFigures(string codings)
    {
        await using var upstream = await Coding.UpstreamAsync(codings, Coding.Encode(codings, Replies.Json));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body, key: null, ("Accept-Encoding", "gzip, deflate, br"));
        var text = await response.TextAsync();
        var figures = ChatFigures.Read(text, response);

        upstream.Requests.ShouldHaveSingleItem().Headers.AcceptEncoding.ToString().ShouldBe("identity");
        (figures.Prompt, figures.Completion, figures.Source).ShouldBe((20, 3, "store"));
        text.ShouldContain("\"content\":\"Hello there.\"");
        response.Content.Headers.ContentEncoding.ShouldBe(codings == "identity" ? ["identity"] : []);
        response.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(text));
        (await log.NextRequestAsync())["Cost"].ShouldBeOfType<decimal>().ShouldBe(figures.Total!.Value);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Stream_Encoded_EachEventReachesTheClientBeforeTheNextIsSent(string codings)
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.ContentEncoding = codings;
            await using var encoder = Coding.Encoder(codings, context.Response.Body);
            await foreach (var piece in pieces.Reader.ReadAllAsync(context.RequestAborted))
            {
                await encoder.WriteAsync(Encoding.UTF8.GetBytes(piece), context.RequestAborted);
                await encoder.FlushAsync(context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        pieces.Writer.TryWrite(Replies.Chunk("one"));
        using var response = await gateway.SendAsync(Asks);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        (await body.ReadUntilAsync("\n\n")).ShouldBe(Replies.Chunk("one"));

        pieces.Writer.TryWrite(Replies.Chunk("two"));
        (await body.ReadUntilAsync("\n\n")).ShouldBe(Replies.Chunk("two"));

        pieces.Writer.TryWrite(Replies.Finish + Replies.Usage + Replies.Done);
        pieces.Writer.Complete();
        var rest = await new StreamReader(body).ReadToEndAsync(TestContext.Current.CancellationToken);
        rest.ShouldStartWith(Replies.Finish);
        rest.ShouldEndWith(Replies.Done);
        rest.ShouldContain("cost_details");
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task Error_Encoded_CanBeRead()
    {
        const string Error = """{"error":{"message":"no","type":"t","param":null,"code":7}}""";
        await using var upstream = await Coding.UpstreamAsync("gzip", Coding.Encode("gzip", Error), status: 400);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.TextAsync()).ShouldBe(Error);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Json_NotEncodedAsItSays_Is502AndBilled(string codings)
    {
        await using var upstream = await Coding.UpstreamAsync(codings, Encoding.UTF8.GetBytes(Replies.Json));
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.TextAsync()).ShouldContain("upstream_reply_unreadable");
        (await log.NextRequestAsync())["PromptTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Json_EncodedAndCut_PassesAsFarAsItGoesAndIsBilled(string codings)
    {
        var encoded = Coding.Encode(codings, Replies.Json);
        await using var upstream = await Coding.UpstreamAsync(codings, encoded[..(encoded.Length / 2)]);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        Replies.Json.ShouldStartWith(await response.TextAsync());
        var record = await log.NextRequestAsync();
        record["Error"].ShouldBeOneOf("ResponseUnread", "ResponseTruncated");
        record["PromptTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Json_Bomb_Is502()
    {
        // 64 MiB of spaces in some 64 kB, past a limit of 1 MiB.
        using var output = new MemoryStream();
        await using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            var spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            await gzip.WriteAsync("{"u8.ToArray(), TestContext.Current.CancellationToken);
            for (var i = 0; i < 64; i++)
            {
                await gzip.WriteAsync(spaces, TestContext.Current.CancellationToken);
            }
        }

        await using var upstream = await Coding.UpstreamAsync("gzip", output.ToArray());
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: """ "Limits": { "MaxResponseBytes": 1048576 } """);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.TextAsync()).ShouldContain("upstream_reply_unreadable");
    }

    [Fact]
    public async Task Json_UnknownCoding_PassesUntouchedAndIsBilledByItsPrompt()
    {
        byte[] bytes = [0x28, 0xB5, 0x2F, 0xFD, 0, 1, 2, 0xFF];
        await using var upstream = await Coding.UpstreamAsync("zstd", bytes);
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using var response = await gateway.SendAsync(Body);

        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(bytes);
        response.Content.Headers.ContentEncoding.ShouldBe(["zstd"]);
        response.Content.Headers.ContentLength.ShouldBe(bytes.Length);
        var record = await log.NextRequestAsync();
        record["Error"].ShouldBe("ResponseUnread");
        record["PromptTokens"].ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        record["Source"].ShouldBe("estimated");
    }

    [Theory]
    [InlineData("gzip", 200)]
    [InlineData("br", 200)]
    [InlineData("zstd", 502)]
    public async Task Messages_TranslatedReply_IsDecodedFirst(string codings, int status)
    {
        const string Message = """{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":9,"service_tier":"standard"}}""";
        await using var upstream = await Coding.UpstreamAsync(codings, Coding.Encode(codings, Message));
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl[..^"/v1".Length]);

        using var response = await gateway.SendAsync("""{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""");
        var text = await response.TextAsync();

        ((int)response.StatusCode).ShouldBe(status, text);
        if (status == 200)
        {
            ChatFigures.Read(text, response).Completion.ShouldBe(9);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Messages_ReplyThatPassesThrough_IsDecodedAndMetered(string codings)
    {
        const string Message = """{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"tool_use","id":"t","name":"n","input":{"service_tier":"batch"}}],"stop_reason":"end_turn","usage":{"input_tokens":1000000,"output_tokens":0}}""";
        await using var upstream = await Coding.UpstreamAsync(codings, Coding.Encode(codings, Message));
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl[..^"/v1".Length]);

        using var response = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""");

        (await response.TextAsync()).ShouldBe(Message);
        response.Header("x-promptcache-cost").ShouldBe("3", "a tier that the model names is none");
    }

    [Fact]
    public async Task OtherPath_Encoded_PassesUntouched()
    {
        var bytes = Coding.Encode("br", Replies.Json);
        await using var upstream = await Coding.UpstreamAsync("br", bytes);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/embeddings") { Content = new ByteArrayContent(Coding.Encode("gzip", "{}")) };
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(bytes);
        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        var arrived = upstream.Requests.ShouldHaveSingleItem();
        arrived.Headers.AcceptEncoding.ToString().ShouldBe("gzip, deflate, br");
        arrived.Headers.ContentEncoding.ToString().ShouldBe("gzip");
        arrived.Body.ShouldBe(Coding.Encode("gzip", "{}"));
    }
}
