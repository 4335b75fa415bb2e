using System.Text;
using PromptCache.Core.Responses;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Responses;

/// <summary>Runs a stream through the rewriter: whole, split at every byte, and one byte at a time; the output must be the same.</summary>
internal static class StreamReplay
{
    public static RewriteOptions Options(bool show = true, bool cost = false, bool store = false, UsageDialect? dialect = null, int max = 1 << 20)
        => new(show, cost, dialect ?? UsageDialect.OpenAI, max, store);

    public static async Task<ReplayResult> RunAsync(string wire, RewriteOptions options, Func<TestSettler> settler)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        var whole = await OnceAsync([bytes], options, settler());
        (await OnceAsync(bytes.Chunk(1), options, settler())).ShouldBeSameAs(whole, "one byte at a time");
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            (await OnceAsync([bytes[..cut], bytes[cut..]], options, settler())).ShouldBeSameAs(whole, $"cut at {cut}");
        }

        return whole;
    }

    public static async Task<ReplayResult> OnceAsync(IEnumerable<byte[]> pieces, RewriteOptions options, TestSettler settler)
    {
        using var rewriter = new ChatStreamRewriter(options, settler);
        var output = new RecordingStream();
        foreach (var piece in pieces)
        {
            await rewriter.WriteAsync(piece, output, CancellationToken.None);
        }

        await rewriter.CompleteAsync(output, CancellationToken.None);
        var text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(output.Text));
        return new ReplayResult(text, rewriter.Settled, rewriter.SawDone, rewriter.Truncated, rewriter.SawError, rewriter.ResponseModel, rewriter.FinishReason, settler);
    }

    private static void ShouldBeSameAs(this ReplayResult actual, ReplayResult expected, string because)
    {
        actual.Text.ShouldBe(expected.Text, because);
        actual.Settled!.Usage.ShouldBe(expected.Settled!.Usage, because);
        (actual.SawDone, actual.Truncated, actual.SawError, actual.Model, actual.FinishReason).ShouldBe((expected.SawDone, expected.Truncated, expected.SawError, expected.Model, expected.FinishReason), because);
        actual.Settler.Calls.ShouldBe(1, because);
        actual.Settler.Completion.ShouldBe(expected.Settler.Completion, because);
    }
}
