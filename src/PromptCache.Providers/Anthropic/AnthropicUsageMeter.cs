using PromptCache.Core.Usage;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Reads the usage of a Messages response: of its body, or of <c>message_start</c> and every <c>message_delta</c>.</summary>
public sealed class AnthropicUsageMeter : IUsageMeter
{
    private readonly AnthropicUsage _usage = new();

    /// <inheritdoc/>
    public TokenUsage? Usage => _usage.Any ? _usage.ToTokenUsage() : null;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public bool IsReport { get; private set; }

    /// <inheritdoc/>
    public void ReadBody(ReadOnlySpan<byte> body)
    {
        if (JsonValue.TryParse(body, out var message))
        {
            _usage.Add(message.Get("usage"u8));
            IsComplete = true;
            IsReport = message.IsObject;
        }
    }

    /// <inheritdoc/>
    public void ReadEvent(ReadOnlySpan<byte> sseEvent)
    {
        IsReport = false;
        using var text = new EventData(sseEvent);

        // Most events are deltas of content, which have nothing to say here.
        if (text.Span.IndexOf("\"message_"u8) < 0 || !JsonValue.TryParse(text.Span, out var data))
        {
            return;
        }

        var type = data.Get("type"u8);
        if (type.Is("message_start"u8))
        {
            _usage.Add(data.Get("message"u8).Get("usage"u8));
        }
        else if (type.Is("message_delta"u8))
        {
            _usage.Add(data.Get("usage"u8));
            IsReport = true;
        }
        else if (type.Is("message_stop"u8))
        {
            IsComplete = true;
        }
    }
}
