using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Reads the events of one chat stream: keeps what a settlement needs, and says what becomes of each.</summary>
/// <remarks>
/// Upstreams put usage in many places: on a last chunk without choices, on the chunk that finishes, inside a choice or <c>x_groq</c>, on every chunk, or on two.
/// Rule: the last usage counts and none are added up. A top-level usage without choices, once there was content, is the usage chunk. Usage beside choices is
/// never known to be the last, and the chunk must not wait; so for a client that asked, the finishing chunk and those behind it (OpenRouter's empty delta) go on with
/// <c>usage: null</c>, and if no usage chunk follows, one is added. Running totals on earlier chunks pass as they are (vLLM's <c>continuous_usage_stats</c>), in store mode without cache fields.
/// </remarks>
internal sealed class ChatStreamReader(RewriteOptions options) : IDisposable
{
    private readonly CompletionText _text = new();
    private readonly PooledBytes _usage = new(512);
    private readonly PooledBytes _joined = new(256);
    private ByteRange _data;
    private bool _isJoined;
    private bool _needsText = true;
    private byte[]? _cost;
    private ChatEnvelope _chunk;

    /// <summary>The chunk that was read last.</summary>
    public ref readonly ChatEnvelope Chunk => ref _chunk;

    /// <summary>The upstream's last usage object; empty when none was seen.</summary>
    public ReadOnlySpan<byte> Usage => _usage.Span;

    /// <summary>Null until a chunk with choices was seen.</summary>
    public ChunkIdentity? Identity { get; private set; }

    /// <summary>How the stream ends its lines.</summary>
    public ReadOnlyMemory<byte> LineEnd { get; private set; }

    public string? FinishReason { get; private set; }

    public bool SawError { get; private set; }

    /// <summary>Whether the last event could be read, or says nothing to be read.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The last event's data.</summary>
    public ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> sseEvent) => _isJoined ? _joined.Span : _data.Of(sseEvent);

    /// <summary>Reads one event. Once <paramref name="isSettled"/>, the figures are final, and usage that still comes is not to be seen.</summary>
    public ChunkAction Read(ReadOnlySpan<byte> sseEvent, bool isSettled)
    {
        IsWhole = true;
        if (sseEvent.Length > options.MaxBuffered)
        {
            return ChunkAction.Pass;
        }

        var lines = SseEvent.FindData(sseEvent, out _data);
        _isJoined = lines > 1;
        if (_isJoined)
        {
            _joined.Clear();
            SseEvent.JoinData(sseEvent, _joined);
        }

        var data = DataOf(sseEvent);
        if (lines == 0 || data.IsEmpty)
        {
            return ChunkAction.Pass;
        }

        if (data.Trim(" \t"u8).SequenceEqual("[DONE]"u8))
        {
            return ChunkAction.Done;
        }

        IsWhole = ChatEnvelopeReader.TryRead(data, _needsText ? _text : null, out _chunk);
        if (!IsWhole)
        {
            return ChunkAction.Pass;
        }

        Note(sseEvent, data);
        return _chunk.Report.IsEmpty ? ChunkAction.Pass : Decide(data, isSettled);
    }

    /// <summary>The upstream's figures; null when it sent none.</summary>
    public TokenUsage? Report() => _usage.Length == 0 ? null : ChatUsageReader.Read(_usage.Span, options.Dialect, _cost);

    /// <summary>What was generated, if it has to be counted.</summary>
    public ReadOnlyMemory<byte> TextFor(TokenUsage? report) => report?.CompletionTokens is null ? _text.Memory : default;

    public void Dispose()
    {
        _text.Dispose();
        _usage.Dispose();
        _joined.Dispose();
    }

    private void Note(ReadOnlySpan<byte> sseEvent, ReadOnlySpan<byte> data)
    {
        SawError |= _chunk.HasError;
        if (_chunk.HasContent && Identity is null)
        {
            Identity = ChunkIdentity.From(data, _chunk);
            LineEnd = SseEvent.LineEndOf(sseEvent).ToArray();
        }

        if (!_chunk.FinishReason.IsEmpty)
        {
            FinishReason = ChunkIdentity.Text(data, _chunk.FinishReason);
        }

        if (!_chunk.Cost.IsEmpty)
        {
            _cost = _chunk.Cost.Of(data).ToArray();
        }
    }

    private ChunkAction Decide(ReadOnlySpan<byte> data, bool isSettled)
    {
        var isUsageChunk = !_chunk.HasContent && !_chunk.Usage.IsEmpty && Identity is not null;
        if (!isSettled)
        {
            Keep(_chunk.Report.Of(data));
        }

        if (!_chunk.HasContent)
        {
            return isSettled ? ChunkAction.Drop
                : isUsageChunk ? options.ShowUsage ? ChunkAction.Settle : ChunkAction.SettleAndDrop
                : options.ShowUsage ? ChunkAction.Mute : ChunkAction.Drop;
        }

        return options.ShowUsage && (isSettled || FinishReason is not null) ? ChunkAction.Mute
            : options.ReplaceCacheFields ? ChunkAction.Strip
            : ChunkAction.Pass;
    }

    private void Keep(ReadOnlySpan<byte> report)
    {
        _usage.Clear();
        _usage.Write(report);

        // From the first usage that counts the output on, nobody has to.
        _needsText = _needsText && Report()?.CompletionTokens is null;
    }
}
