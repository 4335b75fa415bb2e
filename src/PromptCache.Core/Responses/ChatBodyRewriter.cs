using System.Buffers;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Rewrites a whole chat completion.</summary>
public static class ChatBodyRewriter
{
    /// <summary>Writes the body of a 2xx response, with the final figures in it if it is a chat completion, else as it is.</summary>
    public static async ValueTask<BodyReading> RewriteAsync(ReadOnlyMemory<byte> body, RewriteOptions options, ISettler settler, IBufferWriter<byte> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settler);
        ArgumentNullException.ThrowIfNull(output);
        var json = body[(body.Length - ByteOrderMark.Skip(body.Span).Length)..];
        output.Write(body.Span[..^json.Length]);
        var envelope = default(ChatEnvelope);
        var isWhole = json.Length <= options.MaxBuffered && ChatEnvelopeReader.TryRead(json.Span, text: null, out envelope);
        if (isWhole && envelope.Usage.IsEmpty && !envelope.HasChoices)
        {
            output.Write(json.Span);
            return BodyReading.NoCompletion;
        }

        // Of a body that stops, or goes on behind its end, what stands before that counts.
        var report = ReadReport(json.Span, envelope, options.Dialect);
        using var text = new CompletionText();
        if (report?.CompletionTokens is null && json.Length <= options.MaxBuffered)
        {
            CollectText(json.Span, isWhole, text);
        }

        var settlement = await settler.SettleAsync(report, text.Memory, ct);
        if (!isWhole)
        {
            output.Write(json.Span);
            return BodyReading.Unread;
        }

        EnvelopeSplicer.WriteSettled(json.Span, envelope, settlement, options.UsageCost, output);
        return BodyReading.Settled;
    }

    /// <summary>The model that answered and why it stopped, for metrics.</summary>
    public static (string? Model, string? FinishReason) Describe(ReadOnlySpan<byte> body)
        => ChatEnvelopeReader.TryRead(body, text: null, out var envelope)
            ? (ChunkIdentity.ModelOf(body, envelope), ChunkIdentity.Text(body, envelope.FinishReason))
            : (null, null);

    private static void CollectText(ReadOnlySpan<byte> json, bool isWhole, CompletionText text)
    {
        if (isWhole)
        {
            ChatEnvelopeReader.TryRead(json, text, out _);
            return;
        }

        // With its quote the string that was under way counts too. Half an escape cannot be closed.
        var escape = json[Math.Max(json.Length - 6, 0)..].IndexOf((byte)'\\');
        using var closed = new PooledBytes(json.Length + 1);
        closed.Write(escape < 0 ? json : json[..(Math.Max(json.Length - 6, 0) + escape)].TrimEnd((byte)'\\'));
        closed.Write("\""u8);
        ChatEnvelopeReader.TryRead(closed.Span, text, out _);
    }

    private static TokenUsage? ReadReport(ReadOnlySpan<byte> body, in ChatEnvelope envelope, UsageDialect dialect)
    {
        var report = envelope.Report.IsEmpty ? null : ChatUsageReader.Read(envelope.Report.Of(body), dialect, envelope.Cost.Of(body));
        return ServedTier.AddTo(report, ServedTier.Read(envelope.ServiceTier.Of(body), report?.ServiceTier));
    }
}
