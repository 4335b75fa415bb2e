using System.Threading.Channels;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Event streams that a test drives.</summary>
internal static class Streams
{
    public const string Usage = """data: {"id":"c","object":"chat.completion.chunk","model":"electron","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22}}""" + "\n\n";
    public const string Done = "data: [DONE]\n\n";

    public static string Text(string text) => $$"""data: {"id":"c","object":"chat.completion.chunk","model":"electron","choices":[{"index":0,"delta":{"content":"{{text}}"} }]}""" + "\n\n";

    /// <summary>Ends a stream well.</summary>
    public static void Finish(this ChannelWriter<string> pieces)
    {
        pieces.TryWrite(Usage);
        pieces.TryWrite(Done);
        pieces.Complete();
    }

    /// <summary>Reads until the text has come.</summary>
    public static async Task<string> ReadUntilAsync(this Stream stream, string text, int seconds = 10)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        var (read, buffer) = ("", new byte[4096]);
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, deadline.Token);
            count.ShouldBeGreaterThan(0, $"The stream ended after: {read}");
            read += global::System.Text.Encoding.UTF8.GetString(buffer, 0, count);
        }

        return read;
    }
}
