using System.Buffers;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>Rewrites a whole chat completion.</summary>
public static class ChatBodyRewriter
{
    /// <summary>Writes the body of a 2xx response with the final figures in it.</summary>
    /// <returns>The figures; null when the body is too long, is not JSON, or is no chat completion (no <c>choices</c> array and no usage): then it was written as it is.</returns>
    public static async ValueTask<Settlement?> RewriteAsync(ReadOnlyMemory<byte> body, RewriteOptions options, ISettler settler, IBufferWriter<byte> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settler);
        ArgumentNullException.ThrowIfNull(output);
        if (body.Length > options.MaxBuffered
            || !ChatEnvelopeReader.TryRead(body.Span, text: null, out var envelope)
            || (envelope.Usage.IsEmpty && !envelope.HasChoices))
        {
            output.Write(body.Span);
            return null;
        }

        var report = ReadReport(body.Span, envelope, options.Dialect);
        using var text = new CompletionText();
        if (report?.CompletionTokens is null)
        {
            ChatEnvelopeReader.TryRead(body.Span, text, out _);
        }

        var settlement = await settler.SettleAsync(report, text.Memory, ct);
        EnvelopeSplicer.WriteSettled(body.Span, envelope, settlement, options.UsageCost, output);
        return settlement;
    }

    /// <summary>The model that answered and why it stopped, for metrics.</summary>
    public static (string? Model, string? FinishReason) Describe(ReadOnlySpan<byte> body)
        => ChatEnvelopeReader.TryRead(body, text: null, out var envelope)
            ? (ChunkIdentity.ModelOf(body, envelope), ChunkIdentity.Text(body, envelope.FinishReason))
            : (null, null);

    private static TokenUsage? ReadReport(ReadOnlySpan<byte> body, in ChatEnvelope envelope, UsageDialect dialect)
        => envelope.Report.IsEmpty ? null : ChatUsageReader.Read(envelope.Report.Of(body), dialect, envelope.Cost.Of(body));
}
