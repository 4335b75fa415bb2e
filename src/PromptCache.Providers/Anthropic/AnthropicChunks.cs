using System.Buffers;
using System.Text;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Writes chat-completion chunks as server-sent events.</summary>
internal sealed class AnthropicChunks(ResponseTranslation options)
{
    private byte[] _head = [];

    /// <summary>The first chunk: who speaks. It also learns the response's id.</summary>
    public void Role(IBufferWriter<byte> output, JsonValue id)
    {
        _head = Head(id);
        var json = BeginDelta(output);
        json.Member("role"u8, "\"assistant\""u8);
        json.Member("content"u8, "\"\""u8);
        EndDelta(json, output);
    }

    public void Content(IBufferWriter<byte> output, JsonValue text) => Text(output, "content"u8, text);

    public void Reasoning(IBufferWriter<byte> output, JsonValue text) => Text(output, "reasoning_content"u8, text);

    /// <summary>Why the model declined; nothing where it says nothing.</summary>
    public void Refusal(IBufferWriter<byte> output, JsonValue text) => Text(output, "refusal"u8, text);

    /// <summary>A finished thinking block with its signature.</summary>
    public void Signed(IBufferWriter<byte> output, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, int position)
    {
        var json = BeginDelta(output);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        AnthropicReasoningDetails.WriteText(json, text, signature, position);
        json.EndArray();
        EndDelta(json, output);
    }

    /// <summary>A redacted thinking block.</summary>
    public void Encrypted(IBufferWriter<byte> output, JsonValue data, int position)
    {
        var json = BeginDelta(output);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        AnthropicReasoningDetails.WriteEncrypted(json, data, position);
        json.EndArray();
        EndDelta(json, output);
    }

    /// <summary>The start of a tool call.</summary>
    public void ToolCall(IBufferWriter<byte> output, int position, JsonValue id, JsonValue name)
    {
        var json = BeginToolCall(output, position);
        json.Member("id"u8, id.IsString ? id.Raw : "\"\""u8);
        json.Member("type"u8, "\"function\""u8);
        json.Name("function"u8);
        json.BeginObject();
        json.Member("name"u8, name.IsString ? name.Raw : "\"\""u8);
        json.Member("arguments"u8, "\"\""u8);
        json.EndObject();
        EndToolCall(json, output);
    }

    /// <summary>A piece of a tool call's arguments.</summary>
    public void Arguments(IBufferWriter<byte> output, int position, JsonValue piece)
    {
        var json = BeginToolCall(output, position);
        json.Name("function"u8);
        json.BeginObject();
        json.Member("arguments"u8, piece.Raw);
        json.EndObject();
        EndToolCall(json, output);
    }

    /// <summary>All of a tool call's arguments.</summary>
    public void WholeArguments(IBufferWriter<byte> output, int position, JsonValue input)
    {
        var json = BeginToolCall(output, position);
        json.Name("function"u8);
        json.BeginObject();
        json.Name("arguments"u8);
        ToolArguments.WriteString(json, input);
        json.EndObject();
        EndToolCall(json, output);
    }

    /// <summary>The chunk that says why generation stopped; <paramref name="reason"/> is quoted.</summary>
    public void Finish(IBufferWriter<byte> output, ReadOnlySpan<byte> reason)
    {
        var json = BeginDelta(output);
        EndDelta(json, output, reason);
    }

    /// <summary>The chunk with the figures and without choices.</summary>
    public void Usage(IBufferWriter<byte> output, AnthropicUsage usage)
    {
        var json = Begin(output);
        json.EndArray();
        if (usage.Any)
        {
            json.Name("usage"u8);
            usage.Write(json);
        }

        End(json, output);
    }

    private void Text(IBufferWriter<byte> output, ReadOnlySpan<byte> name, JsonValue text)
    {
        if (text.Text.IsEmpty)
        {
            return;
        }

        var json = BeginDelta(output);
        json.Member(name, text.Raw);
        EndDelta(json, output);
    }

    private JsonOut BeginToolCall(IBufferWriter<byte> output, int position)
    {
        var json = BeginDelta(output);
        json.Name("tool_calls"u8);
        json.BeginArray();
        json.BeginObject();
        json.Member("index"u8, position);
        return json;
    }

    private static void EndToolCall(JsonOut json, IBufferWriter<byte> output)
    {
        json.EndObject();
        json.EndArray();
        EndDelta(json, output);
    }

    private JsonOut BeginDelta(IBufferWriter<byte> output)
    {
        var json = Begin(output);
        json.BeginObject();
        json.Member("index"u8, 0);
        json.Name("delta"u8);
        json.BeginObject();
        return json;
    }

    private static void EndDelta(JsonOut json, IBufferWriter<byte> output, ReadOnlySpan<byte> reason = default)
    {
        json.EndObject();
        json.Member("finish_reason"u8, reason.IsEmpty ? "null"u8 : reason);
        json.EndObject();
        json.EndArray();
        End(json, output);
    }

    // The head ends inside "choices":[, where nothing has been written yet.
    private JsonOut Begin(IBufferWriter<byte> output)
    {
        if (_head.Length == 0)
        {
            _head = Head(default);
        }

        output.Write("data: "u8);
        output.Write(_head);
        return new JsonOut(output);
    }

    private static void End(JsonOut json, IBufferWriter<byte> output)
    {
        json.EndObject();
        output.Write("\n\n"u8);
    }

    private byte[] Head(JsonValue id)
    {
        using var head = new PooledBytes();
        var json = new JsonOut(head);
        json.BeginObject();
        json.Name("id"u8);
        if (id.IsString)
        {
            json.Raw(id.Raw);
        }
        else
        {
            json.Text(options.RequestId);
        }

        json.Member("object"u8, "\"chat.completion.chunk\""u8);
        json.Member("created"u8, options.Created);
        json.Name("model"u8);
        json.Text(Encoding.UTF8.GetBytes(options.Model));
        json.Name("choices"u8);
        json.BeginArray();
        return head.Span.ToArray();
    }
}
