using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Reads the events of one chat stream: keeps what a settlement needs, and says what becomes of each.</summary>
/// <remarks>
/// Upstreams put usage in many places: on a last chunk without choices, on the chunk that finishes, inside a choice or <c>x_groq</c>, on every chunk, or on two.
/// Rule: the last usage counts and none are added up, and which is the last is known at <c>[DONE]</c> or the end. A chunk with usage and without choices delays nobody: it waits. If
/// another one comes it is dropped (Groq sends two); if choices come it goes on before them with <c>usage: null</c>, as one of many (interim usage). Usage beside choices
/// must not wait; so for a client that asked, the finishing chunk and those behind it (OpenRouter's empty delta) go on with <c>usage: null</c>, and if no usage chunk
/// waits at the end, one is added. Running totals on earlier chunks pass as they are (vLLM's <c>continuous_usage_stats</c>), in store mode without cache and cost fields.
/// A client that did not ask sees no chunk that holds only usage; the <c>usage: null</c> that some upstreams put on every other chunk, because the gateway asked them, it does see.
/// </remarks>
internal sealed class ChatStreamReader(RewriteOptions options) : IDisposable
{
    private readonly CompletionText _text = new();
    private readonly PooledBytes _usage = new(512);
    private readonly PooledBytes _joined = new(256);
    private ByteRange _data;
    private bool _isJoined;
    private bool _sawContent;
    private bool _sawUnread;
    private byte[]? _cost;
    private string? _tier;
    private ChatEnvelope _chunk;

    /// <summary>The chunk that was read last.</summary>
    public ref readonly ChatEnvelope Chunk => ref _chunk;

    /// <summary>The upstream's last usage object; empty when none was seen.</summary>
    public ReadOnlySpan<byte> Usage => _usage.Span;

    /// <summary>Whether the last event makes a usage chunk before it one of many.</summary>
    public bool IsBehindUsage => _chunk.HasContent || !_chunk.Report.IsEmpty;

    /// <summary>That of the first chunk with choices, until then of the last one with usage; null before.</summary>
    public ChunkIdentity? Identity { get; private set; }

    /// <summary>How the stream ends its lines.</summary>
    public ReadOnlyMemory<byte> LineEnd { get; private set; }

    public string? FinishReason { get; private set; }

    public bool SawError { get; private set; }

    /// <summary>The stream holds an error and nothing that was generated: nobody is charged for it.</summary>
    public bool HasOnlyError => SawError && !_sawContent && !_sawUnread && _usage.Length == 0;

    /// <summary>Whether the last event could be read, or says nothing to be read.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The last event's data.</summary>
    public ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> sseEvent) => _isJoined ? _joined.Span : _data.Of(sseEvent);

    /// <summary>An event passed that is too long to be read.</summary>
    public void Skip() => _sawUnread = true;

    /// <summary>Reads one event.</summary>
    public ChunkAction Read(ReadOnlySpan<byte> sseEvent)
    {
        IsWhole = true;
        _chunk = default;
        if (sseEvent.Length > options.MaxBuffered)
        {
            _sawUnread = true;
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

        IsWhole = ChatEnvelopeReader.TryRead(data, _text, out _chunk);
        if (!IsWhole)
        {
            _sawUnread = true;
            _chunk = default;
            return ChunkAction.Pass;
        }

        Note(sseEvent, data);
        return Decide();
    }

    /// <summary>The upstream's figures; null when it sent none.</summary>
    public TokenUsage? Report()
    {
        var report = _usage.Length == 0 ? null : ChatUsageReader.Read(_usage.Span, options.Dialect, _cost);
        return ServedTier.AddTo(report, _tier ?? report?.ServiceTier);
    }

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
        if (!_sawContent && (_chunk.HasContent || !_chunk.Report.IsEmpty))
        {
            _sawContent = _chunk.HasContent;
            Identity = ChunkIdentity.From(data, _chunk);
            LineEnd = SseEvent.LineEndOf(sseEvent).ToArray();
        }

        if (!_chunk.Report.IsEmpty)
        {
            _usage.Clear();
            _usage.Write(_chunk.Report.Of(data));
        }

        if (!_chunk.FinishReason.IsEmpty)
        {
            FinishReason = ChunkIdentity.Text(data, _chunk.FinishReason);
        }

        _tier = ServedTier.Read(_chunk.ServiceTier.Of(data), _tier);
        if (!_chunk.Cost.IsEmpty)
        {
            _cost = _chunk.Cost.Of(data).ToArray();
        }
    }

    private ChunkAction Decide()
    {
        var hasUsage = !_chunk.Report.IsEmpty;
        if (hasUsage && !_chunk.HasContent && !_chunk.HasError)
        {
            return options.ShowUsage ? ChunkAction.Hold : ChunkAction.Drop;
        }

        return hasUsage && options.ShowUsage && (FinishReason is not null || _chunk.HasError) ? ChunkAction.Mute
            : options.ReplaceCacheFields && (hasUsage || _chunk.HasCost) ? ChunkAction.Strip
            : ChunkAction.Pass;
    }
}
