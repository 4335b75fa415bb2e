using System.Diagnostics;
using System.Text;
using PromptCache.Core.Responses;

namespace PromptCache.Core.Tests.Responses;

/// <summary>When bytes leave: at once, in one write, and never because of the settler.</summary>
public sealed class ChatStreamDeliveryTests
{
    private const string Chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}\n\n";

    [Fact]
    public async Task Write_CompleteEvents_LeaveInTheSameCallInOneWrite()
    {
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), new TestSettler());
        var output = new RecordingStream();
        await WriteAsync(rewriter, Chunk, output);
        output.Writes.ShouldBe([Chunk]);
        await WriteAsync(rewriter, Chunk + Chunk + Chunk[..10], output);
        output.Writes.ShouldBe([Chunk, Chunk + Chunk]);
        await WriteAsync(rewriter, Chunk[10..^1], output);
        output.Writes.Count.ShouldBe(2);
        await WriteAsync(rewriter, Chunk[^1..] + Chunk + Usage + "data: [DONE]\n\n", output);
        output.Writes.Count.ShouldBe(3);
        output.Writes[2].ShouldStartWith(Chunk + Chunk);
        output.Writes[2].ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Write_LoneReturn_EventLeavesBeforeTheLineFeedComes()
    {
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), new TestSettler());
        var output = new RecordingStream();
        var chunk = Chunk.Replace("\n", "\r\n", StringComparison.Ordinal);
        await WriteAsync(rewriter, chunk[..^1], output);
        output.Text.ShouldBe(chunk[..^1]);
        await WriteAsync(rewriter, "\n", output);
        output.Text.ShouldBe(chunk);
    }

    [Theory]
    [InlineData(Usage + "data: [DONE]\n\n")]
    [InlineData("data: [DONE]\n\n")]
    public async Task Write_SettlerIsSlow_WhatCameBeforeDoesNotWait(string settling)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), new TestSettler { Gate = gate });
        var output = new RecordingStream();
        var writing = WriteAsync(rewriter, Chunk + settling, output).AsTask();
        output.Text.ShouldBe(Chunk);
        writing.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await writing;
        output.Text.Length.ShouldBeGreaterThan(Chunk.Length);
    }

    [Fact]
    public async Task Write_UsageChunkWaits_NothingElseDoes()
    {
        var settler = new TestSettler();
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), settler);
        var output = new RecordingStream();
        var muted = Usage.Replace("{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}", "null", StringComparison.Ordinal);
        await WriteAsync(rewriter, Chunk, output);
        await WriteAsync(rewriter, Usage, output);
        output.Text.ShouldBe(Chunk);
        await WriteAsync(rewriter, ": still here\n\n", output);
        output.Text.ShouldBe(Chunk + ": still here\n\n");
        await WriteAsync(rewriter, Chunk, output);
        output.Text.ShouldBe(Chunk + ": still here\n\n" + muted + Chunk);
        output.Writes.Count.ShouldBe(3);
        await WriteAsync(rewriter, Usage, output);
        settler.Calls.ShouldBe(0);
        await WriteAsync(rewriter, "data: [DONE]\n\n", output);
        output.Writes.Count.ShouldBe(4);
        output.Writes[3].ShouldContain("cost_details");
        output.Writes[3].ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Write_EventTooLong_StopsBeingHeld()
    {
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(max: 100), new TestSettler());
        var output = new RecordingStream();
        var piece = new string('x', 60);
        await WriteAsync(rewriter, piece, output);
        output.Text.ShouldBe("");
        await WriteAsync(rewriter, piece, output);
        output.Text.ShouldBe(piece + piece);
        await WriteAsync(rewriter, piece, output);
        output.Text.ShouldBe(piece + piece + piece);
    }

    [Fact]
    public async Task Write_HugeEventInTinyPieces_LinearTime()
    {
        // Each byte looked at once: 16 MB in pieces of 64 bytes is below a second; looked at again each time it would be 2 TB.
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(max: 32 << 20), new TestSettler());
        var output = new RecordingStream();
        var piece = new byte[64];
        piece.AsSpan().Fill((byte)'x');
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 16 * 1024 * 1024 / 64; i++)
        {
            await rewriter.WriteAsync(piece, output, CancellationToken.None);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        output.Writes.ShouldBeEmpty();
        await rewriter.CompleteAsync(output, CancellationToken.None);
        output.Text.Length.ShouldBe(16 * 1024 * 1024);
    }

    [Fact]
    public async Task Write_ContentChunks_AllocateNothing()
    {
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), new TestSettler());
        var bytes = Encoding.UTF8.GetBytes(Chunk);
        for (var i = 0; i < 2000; i++)
        {
            await rewriter.WriteAsync(bytes, Stream.Null, CancellationToken.None);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            await rewriter.WriteAsync(bytes, Stream.Null, CancellationToken.None);
        }

        var perChunk = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        perChunk.ShouldBeLessThan(16);   // the text's buffer may grow once
    }

    [Fact]
    public async Task Complete_Twice_OnceIsEnough()
    {
        var settler = new TestSettler();
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(), settler);
        var output = new RecordingStream();
        await WriteAsync(rewriter, Chunk, output);
        await rewriter.CompleteAsync(output, CancellationToken.None);
        await rewriter.CompleteAsync(output, CancellationToken.None);
        settler.Calls.ShouldBe(1);
        output.Text.ShouldBe(Chunk);
    }

    private static ValueTask WriteAsync(ChatStreamRewriter rewriter, string text, Stream output)
        => rewriter.WriteAsync(Encoding.UTF8.GetBytes(text), output, CancellationToken.None);
}
