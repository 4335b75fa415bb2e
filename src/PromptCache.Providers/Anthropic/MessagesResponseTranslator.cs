using System.Buffers;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>One chat completion to a Messages response, whole or streamed.</summary>
/// <remarks>
/// Blocks come one after the other, as Anthropic's clients expect. The stop reason comes before the usage in chat completions and with it in
/// Messages, so that <c>message_delta</c> waits for the end of the stream; nothing else does.
/// </remarks>
internal sealed class MessagesResponseTranslator(ResponseTranslation options) : IInboundResponse
{
    private readonly MessagesEvents _events = new(options);
    private readonly HashSet<long> _closedTools = [];
    private OpenKind _open;
    private int _index = -1;
    private long _tool;
    private byte[] _usage = [];
    private byte[] _cost = [];
    private byte[] _finish = [];
    private bool _started;
    private bool _calledTools;
    private bool _done;

    private enum OpenKind
    {
        None,
        Thinking,
        Text,
        Tool,
    }

    /// <inheritdoc/>
    public void TranslateBody(ReadOnlySpan<byte> chat, IBufferWriter<byte> output)
    {
        if (!JsonValue.TryParse(chat, out var completion))
        {
            output.Write(chat);
            return;
        }

        var choices = completion.Get("choices"u8).Items();
        if (choices.MoveNext())
        {
            MessagesBody.Write(new JsonOut(output), completion, choices.Value, options);
        }
        else
        {
            output.Write(chat);
        }
    }

    /// <inheritdoc/>
    public void TranslateEvent(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output)
    {
        if (_done)
        {
            return;
        }

        using var text = new EventData(sseEvent);
        if (!text.Exists)
        {
            // A comment keeps the connection alive; so does a ping.
            if (_started)
            {
                MessagesEvents.Ping(output);
            }
        }
        else if (text.Span.Trim(" \t"u8).SequenceEqual("[DONE]"u8))
        {
            End(output);
        }
        else if (JsonValue.TryParse(text.Span, out var chunk) && chunk.IsObject)
        {
            Translate(chunk, output);
        }
    }

    /// <inheritdoc/>
    public void Complete(IBufferWriter<byte> output)
    {
        // A server that says why it stopped has said everything, even if it forgets [DONE].
        if (!_done && _finish.Length > 0)
        {
            End(output);
        }
    }

    /// <inheritdoc/>
    public void TranslateError(int status, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
        => MessagesErrors.WriteFrom(new JsonOut(output), status, body);

    private void Translate(JsonValue chunk, IBufferWriter<byte> output)
    {
        if (!chunk.Get("error"u8).IsNothing)
        {
            MessagesEvents.Error(output, chunk.Raw);
            _done = true;
            return;
        }

        if (!_started)
        {
            _started = true;
            _events.MessageStart(output, chunk.Get("id"u8));
        }

        Keep(ref _usage, chunk.Get("usage"u8));
        Keep(ref _cost, chunk.Get("cost_details"u8));
        var choices = chunk.Get("choices"u8).Items();
        if (!choices.MoveNext())
        {
            return;
        }

        var delta = choices.Value.Get("delta"u8);
        var reasoning = delta.Get("reasoning_content"u8);
        WriteText(output, OpenKind.Thinking, reasoning.Text.IsEmpty ? delta.Get("reasoning"u8) : reasoning);
        WriteText(output, OpenKind.Text, delta.Get("content"u8));
        WriteText(output, OpenKind.Text, delta.Get("refusal"u8));
        var calls = delta.Get("tool_calls"u8).Items();
        while (calls.MoveNext() && !_done)
        {
            WriteCall(output, calls.Value, calls.Index);
        }

        var reason = choices.Value.Get("finish_reason"u8);
        if (reason.IsString)
        {
            _finish = reason.Raw.ToArray();
        }
    }

    private void WriteText(IBufferWriter<byte> output, OpenKind kind, JsonValue text)
    {
        if (text.Text.IsEmpty)
        {
            return;
        }

        var isText = kind == OpenKind.Text;
        if (_open != kind)
        {
            Close(output);
            _open = kind;
            MessagesEvents.BlockStart(output, ++_index, isText ? """{"type":"text","text":"","citations":null}"""u8 : """{"type":"thinking","thinking":"","signature":""}"""u8);
        }

        MessagesEvents.Delta(output, _index, isText ? "text_delta"u8 : "thinking_delta"u8, isText ? "text"u8 : "thinking"u8, text.Text);
    }

    private void WriteCall(IBufferWriter<byte> output, JsonValue call, int place)
    {
        var tool = call.Get("index"u8).TryGetInt64(out var index) ? index : place;
        var function = call.Get("function"u8);
        if (_open != OpenKind.Tool || _tool != tool)
        {
            if (_closedTools.Contains(tool))
            {
                // Its block has ended, and a lost piece of arguments would be a wrong call.
                MessagesEvents.Error(output, """{"error":{"message":"The provider mixed the pieces of two tool calls."}}"""u8);
                _done = true;
                return;
            }

            Close(output);
            _open = OpenKind.Tool;
            _tool = tool;
            _calledTools = true;
            var id = call.Get("id"u8);
            var name = function.Get("name"u8);
            MessagesEvents.ToolStart(output, ++_index, id.IsString ? id.Raw : System.Text.Encoding.ASCII.GetBytes($"\"call_{tool}\""), name.IsString ? name.Raw : "\"\""u8);
        }

        var arguments = function.Get("arguments"u8).Text;
        if (!arguments.IsEmpty)
        {
            MessagesEvents.Delta(output, _index, "input_json_delta"u8, "partial_json"u8, arguments);
        }
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open == OpenKind.Tool)
        {
            _closedTools.Add(_tool);
        }

        if (_open != OpenKind.None)
        {
            MessagesEvents.BlockStop(output, _index);
            _open = OpenKind.None;
        }
    }

    private void End(IBufferWriter<byte> output)
    {
        _done = true;
        if (!_started)
        {
            _events.MessageStart(output, default);
        }

        Close(output);
        MessagesEvents.MessageDelta(output, AnthropicStopReason.FromFinishReason(new(_finish), _calledTools), new(_usage), new(_cost));
        MessagesEvents.MessageStop(output);
    }

    private static void Keep(ref byte[] field, JsonValue value)
    {
        if (value.IsObject)
        {
            field = value.Raw.ToArray();
        }
    }
}
