using System.Buffers;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Reads the usage of a Messages response: of its body, or of <c>message_start</c> and every <c>message_delta</c>.</summary>
public sealed class AnthropicUsageMeter : IUsageMeter
{
    /// <summary>Two million tokens of English: beyond any answer, and a bound for a hostile one.</summary>
    private const int MaxCompletion = 8 * 1024 * 1024;

    private readonly AnthropicUsage _usage = new();
    private readonly PooledBytes _completion = new();
    private bool _isOutputReported;

    /// <inheritdoc/>
    public TokenUsage? Usage => !_usage.Any
        ? null
        : _isOutputReported || _completion.Length == 0 ? _usage.ToTokenUsage() : _usage.ToTokenUsage() with { CompletionTokens = null, Source = CountSource.Estimated };

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public bool IsReport { get; private set; }

    /// <inheritdoc/>
    public bool CarriesUsage { get; private set; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Completion => _completion.Memory;

    /// <inheritdoc/>
    public void ReadBody(ReadOnlySpan<byte> body)
    {
        if (JsonValue.TryParse(body, out var message))
        {
            _usage.Add(message.Get("usage"u8));
            IsComplete = true;
            IsReport = CarriesUsage = message.IsObject;
        }
    }

    /// <inheritdoc/>
    public void ReadEvent(ReadOnlySpan<byte> sseEvent)
    {
        IsReport = CarriesUsage = false;
        using var text = new EventData(sseEvent);
        if (!JsonValue.TryParse(text.Span, out var data))
        {
            return;
        }

        var type = data.Get("type"u8);
        if (type.Is("content_block_delta"u8))
        {
            ReadDelta(data.Get("delta"u8));
        }
        else if (type.Is("message_start"u8))
        {
            _usage.Add(data.Get("message"u8).Get("usage"u8));
            CarriesUsage = data.Get("message"u8).IsObject;
        }
        else if (type.Is("message_delta"u8))
        {
            _usage.Add(data.Get("usage"u8));
            _isOutputReported |= data.Get("usage"u8).Get("output_tokens"u8).IsNumber;
            IsReport = CarriesUsage = true;
        }
        else if (type.Is("message_stop"u8))
        {
            IsComplete = true;
        }
    }

    /// <inheritdoc/>
    public void RewriteBody(ReadOnlySpan<byte> body, TokenUsage usage, IBufferWriter<byte> output) => AnthropicUsageSplice.WriteBody(body, usage, output);

    /// <inheritdoc/>
    public void RewriteEvent(ReadOnlySpan<byte> sseEvent, TokenUsage usage, IBufferWriter<byte> output) => AnthropicUsageSplice.WriteEvent(sseEvent, usage, output);

    /// <inheritdoc/>
    public void Dispose() => _completion.Dispose();

    // A block's text comes in its deltas alone; a signature is no text.
    private void ReadDelta(JsonValue delta)
    {
        var type = delta.Get("type"u8);
        var piece = type.Is("text_delta"u8) ? delta.Get("text"u8)
            : type.Is("thinking_delta"u8) ? delta.Get("thinking"u8)
            : type.Is("input_json_delta"u8) ? delta.Get("partial_json"u8)
            : default;
        if (!piece.Text.IsEmpty && _completion.Length + piece.Text.Length <= MaxCompletion)
        {
            using var decoded = new PooledText(piece);
            _completion.Write(decoded.Span);
        }
    }
}
