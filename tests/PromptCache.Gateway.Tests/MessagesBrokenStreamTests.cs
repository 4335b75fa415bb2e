using System.Globalization;
using System.Text;
using System.Threading.Channels;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Tests;

/// <summary>A Messages stream that never comes to its report: the prompt is billed as <c>message_start</c> reported it, the output as it was seen.</summary>
public sealed class MessagesBrokenStreamTests
{
    private const string Model = "claude-sonnet-4-5";

    // (10 x 3 + 60 x 0.3 + 10 x 3.75 + 20 x 6) / 1,000,000, before the output.
    private const decimal PromptCost = 0.0002055m;

    private const string Start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":30,\"cache_read_input_tokens\":60,\"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},\"output_tokens\":1}}}\n\n";

    private const string Answer = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"A tent for two is \"}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"two meters wide, and \\u00e4bout as long.\"}}\n\n";

    private const string Error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    private const string Request = """{"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"How big?"}]}""";

    private static readonly long Output = new TokenizerCatalog().ForModel(Model).Tokenizer.Count(Encoding.UTF8.GetBytes("A tent for two is two meters wide, and \u00e4bout as long."));

    [Theory]
    [InlineData(MessagesBench.Path, "", true)]
    [InlineData(MessagesBench.Path, "", false)]
    [InlineData(MessagesBench.Path, Error, false)]
    [InlineData("/v1/chat/completions", "", true)]
    [InlineData("/v1/chat/completions", "", false)]
    [InlineData("/v1/chat/completions", Error, false)]
    public async Task Stream_BreaksOffInTheAnswer_BilledForWhatCame(string path, string last, bool breaksOff)
    {
        using var log = new EventLog();
        var seen = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.WithEventsAsync(Start + Answer + last, broken: breaksOff ? seen.Task : null);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl[..^"/v1".Length], log);

        await ReceiveAsync(gateway, path, "as long", seen);

        await ShouldBeBilledAsync(log, Output);
    }

    [Theory]
    [InlineData(MessagesBench.Path)]
    [InlineData("/v1/chat/completions")]
    public async Task Stream_ClientLeaves_BilledForWhatCame(string path)
    {
        using var log = new EventLog();
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl[..^"/v1".Length], log);
        var sending = gateway.PostAsync(Request, path);
        await pieces.Writer.WriteAsync(Start + Answer, TestContext.Current.CancellationToken);

        using (var response = await sending)
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            await ReadToAsync(reader, "as long");
        }

        await ShouldBeBilledAsync(log, Output);
    }

    [Fact]
    public async Task Stream_BreaksOffBeforeTheAnswer_BilledAsReported()
    {
        using var log = new EventLog();
        var seen = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.WithEventsAsync(Start, broken: seen.Task);
        await using var gateway = await MessagesBench.InFrontOfAnthropicAsync(upstream.BaseUrl[..^"/v1".Length], log);

        await ReceiveAsync(gateway, MessagesBench.Path, "message_start", seen);

        (await log.NextRequestAsync())["Cost"].ShouldBe(PromptCost + (0.000015m * 1));
    }

    private static async Task ReceiveAsync(TestGateway gateway, string path, string last, TaskCompletionSource seen)
    {
        using var response = await gateway.PostAsync(Request, path);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await ReadToAsync(reader, last);
        seen.SetResult();
        try
        {
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // What the upstream broke off ends so for the client too.
        }
    }

    private static async Task ReadToAsync(StreamReader reader, string text)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
    }

    private static async Task ShouldBeBilledAsync(EventLog log, long output)
    {
        var record = await log.NextRequestAsync();
        record["PromptTokens"].ShouldBe(100L);
        record["CachedTokens"].ShouldBe(60L);
        record["WriteTokens"].ShouldBe(10L);
        record["Write1hTokens"].ShouldBe(20L);
        record["CompletionTokens"].ShouldBe(output);
        record["Source"].ShouldBe("estimated");
        Convert.ToDecimal(record["Cost"], CultureInfo.InvariantCulture).ShouldBe(PromptCost + (0.000015m * output));
    }
}
