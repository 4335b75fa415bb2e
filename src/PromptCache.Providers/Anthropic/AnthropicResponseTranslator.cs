using System.Buffers;
using PromptCache.Core.Usage;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>One Messages response to a chat completion, whole or streamed.</summary>
/// <remarks>Every delta that comes in goes out at once. Thinking is shown as <c>reasoning_content</c>; when a block is complete, <c>reasoning_details</c> carries it with its signature, so that the client can send it back.</remarks>
internal sealed class AnthropicResponseTranslator : IResponseTranslator
{
    private readonly ResponseTranslation _options;
    private readonly AnthropicUsage _usage = new();
    private readonly Dictionary<long, AnthropicOpenBlock> _open = [];
    private readonly ChatChunks _chat;
    private readonly AnthropicChunks _chunks;
    private int _elements;
    private int _tools;
    private bool _hasText;
    private bool _finished;
    private bool _counted;
    private bool _done;

    public AnthropicResponseTranslator(ResponseTranslation options)
    {
        _options = options;
        _chat = new ChatChunks(options);
        _chunks = new AnthropicChunks(_chat);
    }

    /// <inheritdoc/>
    public void TranslateBody(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (!JsonValue.TryParse(body, out var message) || !message.Get("content"u8).IsArray)
        {
            // Nothing that could be translated: the client sees what came.
            output.Write(body);
            return;
        }

        AnthropicCompletion.Write(new JsonOut(output), message, _options, _usage);
    }

    /// <inheritdoc/>
    public void TranslateEvent(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output)
    {
        using var text = new EventData(sseEvent);
        if (!text.Exists)
        {
            return;
        }

        if (JsonValue.TryParse(text.Span, out var data) && data.IsObject)
        {
            Translate(data, output);
        }
        else
        {
            output.Write(": the provider sent an event that is not JSON\n\n"u8);
        }
    }

    /// <inheritdoc/>
    public void Complete(IBufferWriter<byte> output)
    {
        // Cut before its end, but after its last report: the figures are final.
        if (!_done && _finished && _counted)
        {
            _chat.Usage(output, _usage);
        }
    }

    /// <inheritdoc/>
    public void TranslateError(int status, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
        => AnthropicErrors.Write(new JsonOut(output), status, body);

    /// <inheritdoc/>
    public TokenUsage? ReportedBeforeEnd => _counted || !_usage.Any ? null : _usage.ToTokenUsage() with { CompletionTokens = null, Source = CountSource.Estimated };

    private void Translate(JsonValue data, IBufferWriter<byte> output)
    {
        if (_done)
        {
            return;
        }

        var type = data.Get("type"u8);
        if (type.Is("content_block_delta"u8))
        {
            TranslateDelta(data, output);
        }
        else if (type.Is("content_block_start"u8))
        {
            TranslateStart(data, output);
        }
        else if (type.Is("content_block_stop"u8))
        {
            TranslateStop(data, output);
        }
        else if (type.Is("message_start"u8))
        {
            var message = data.Get("message"u8);
            _usage.Add(message.Get("usage"u8));
            _chat.Learn(message.Get("id"u8));
            _chat.Role(output);
        }
        else if (type.Is("message_delta"u8))
        {
            TranslateMessageDelta(data, output);
        }
        else if (type.Is("message_stop"u8))
        {
            _done = true;
            _chat.Usage(output, _usage);
            ChatChunks.Done(output);
        }
        else if (type.Is("error"u8))
        {
            output.Write("data: "u8);
            AnthropicErrors.Write(new JsonOut(output), 0, data.Raw);
            output.Write("\n\n"u8);
            _done = true;
        }
        else if (type.Is("ping"u8))
        {
            output.Write(": ping\n\n"u8);
        }
    }

    private void TranslateMessageDelta(JsonValue data, IBufferWriter<byte> output)
    {
        var usage = data.Get("usage"u8);
        _usage.Add(usage);
        _counted |= usage.IsObject;
        var reason = data.Get("delta"u8).Get("stop_reason"u8);
        if (reason.IsString && !_finished)
        {
            _finished = true;
            _chat.Text(output, "refusal"u8, data.Get("delta"u8).Get("stop_details"u8).Get("explanation"u8));
            _chat.Finish(output, AnthropicStopReason.ToFinishReason(reason));
        }
    }

    private void TranslateStart(JsonValue data, IBufferWriter<byte> output)
    {
        var block = data.Get("content_block"u8);
        var type = block.Get("type"u8);
        if (!data.Get("index"u8).TryGetInt64(out var index))
        {
            return;
        }

        if (type.Is("text"u8))
        {
            _elements += _hasText ? 0 : 1;
            _hasText = true;
            _open[index] = new(AnthropicPartKind.Text, 0);
            _chat.Text(output, "content"u8, block.Get("text"u8));
        }
        else if (type.Is("thinking"u8))
        {
            var open = _open[index] = new(AnthropicPartKind.Thinking, _elements++);
            open.Text.Write(block.Get("thinking"u8).Text);
            open.Signature.Write(block.Get("signature"u8).Text);
            _chat.Text(output, "reasoning_content"u8, block.Get("thinking"u8));
        }
        else if (type.Is("redacted_thinking"u8))
        {
            _chunks.Encrypted(output, block.Get("data"u8), _elements++);
        }
        else if (type.Is("tool_use"u8))
        {
            _elements++;
            var open = _open[index] = new(AnthropicPartKind.ToolUse, _tools++);
            open.Text.Write(block.Get("input"u8).Raw);
            _chunks.ToolCall(output, open.Position, block.Get("id"u8), block.Get("name"u8));
        }
    }

    private void TranslateDelta(JsonValue data, IBufferWriter<byte> output)
    {
        if (!data.Get("index"u8).TryGetInt64(out var index) || !_open.TryGetValue(index, out var open))
        {
            return;
        }

        var delta = data.Get("delta"u8);
        var type = delta.Get("type"u8);
        if (type.Is("text_delta"u8))
        {
            _chat.Text(output, "content"u8, delta.Get("text"u8));
        }
        else if (type.Is("thinking_delta"u8))
        {
            var text = delta.Get("thinking"u8);
            open.Text.Write(text.Text);
            _chat.Text(output, "reasoning_content"u8, text);
        }
        else if (type.Is("signature_delta"u8))
        {
            open.Signature.Write(delta.Get("signature"u8).Text);
        }
        else if (type.Is("input_json_delta"u8) && open.Kind == AnthropicPartKind.ToolUse && !delta.Get("partial_json"u8).Text.IsEmpty)
        {
            open.HasInput = true;
            _chunks.Arguments(output, open.Position, delta.Get("partial_json"u8));
        }
    }

    private void TranslateStop(JsonValue data, IBufferWriter<byte> output)
    {
        if (!data.Get("index"u8).TryGetInt64(out var index) || !_open.Remove(index, out var open))
        {
            return;
        }

        if (open.Kind == AnthropicPartKind.Thinking)
        {
            _chunks.Signed(output, open.Text.WrittenSpan, open.Signature.WrittenSpan, open.Position);
        }
        else if (open.Kind == AnthropicPartKind.ToolUse && !open.HasInput)
        {
            // A call without arguments: OpenAI's clients parse the pieces together as JSON, and nothing is no JSON.
            _chunks.WholeArguments(output, open.Position, new(open.Text.WrittenSpan));
        }
    }
}
