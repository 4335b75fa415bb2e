using System.Buffers;
using System.Text;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Writes chat-completion chunks as server-sent events.</summary>
internal sealed class GeminiChunks(ResponseTranslation options)
{
    private byte[] _head = [];

    /// <summary>Learns the response's id, from the first event.</summary>
    public void Learn(JsonValue id)
    {
        if (_head.Length == 0)
        {
            _head = Head(id);
        }
    }

    /// <summary>A choice's first chunk: who speaks.</summary>
    public void Role(IBufferWriter<byte> output, long choice)
    {
        var json = Begin(output, choice);
        json.Member("role"u8, "\"assistant\""u8);
        json.Member("content"u8, "\"\""u8);
        End(json, output);
    }

    /// <summary>Text under a name: content or reasoning.</summary>
    public void Text(IBufferWriter<byte> output, long choice, ReadOnlySpan<byte> name, JsonValue text)
    {
        var json = Begin(output, choice);
        json.Member(name, text.Raw);
        End(json, output);
    }

    /// <summary>A tool call, whole.</summary>
    public void Call(IBufferWriter<byte> output, long choice, JsonValue part, byte[] id, int position)
    {
        var json = Begin(output, choice);
        json.Name("tool_calls"u8);
        json.BeginArray();
        GeminiMessageParts.WriteCall(json, part, id, position);
        json.EndArray();
        End(json, output);
    }

    /// <summary>A thought signature.</summary>
    public void Signature(IBufferWriter<byte> output, long choice, JsonValue signature, byte[]? callId, int index)
    {
        var json = Begin(output, choice);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        GeminiSignatures.WriteDetail(json, signature, callId, index);
        json.EndArray();
        End(json, output);
    }

    /// <summary>An image.</summary>
    public void Image(IBufferWriter<byte> output, long choice, JsonValue data)
    {
        var json = Begin(output, choice);
        json.Name("images"u8);
        json.BeginArray();
        GeminiMessageParts.WriteImage(json, data);
        json.EndArray();
        End(json, output);
    }

    /// <summary>The log probabilities of what an event brought.</summary>
    public void Logprobs(IBufferWriter<byte> output, long choice, JsonValue candidate) => End(Begin(output, choice), output, reason: default, candidate);

    /// <summary>Why there is no answer.</summary>
    public void Refusal(IBufferWriter<byte> output, JsonValue reason)
    {
        var json = Begin(output, 0);
        json.Name("refusal"u8);
        WriteRefusal(json, reason);
        End(json, output);
    }

    /// <summary>The chunk that says why generation stopped; <paramref name="reason"/> is quoted.</summary>
    public void Finish(IBufferWriter<byte> output, long choice, ReadOnlySpan<byte> reason) => End(Begin(output, choice), output, reason);

    /// <summary>The chunk with the figures and without choices.</summary>
    public void Usage(IBufferWriter<byte> output, GeminiUsage usage)
    {
        var json = BeginChunk(output);
        json.EndArray();
        if (usage.Any)
        {
            json.Name("usage"u8);
            usage.Write(json);
        }

        EndChunk(json, output);
    }

    /// <summary>Writes what the client reads in place of an answer to a prompt that was blocked.</summary>
    public static void WriteRefusal(JsonOut json, JsonValue reason)
    {
        if (reason.Text.IsEmpty)
        {
            json.Text("The provider gave no answer."u8);
        }
        else
        {
            json.RawText("The provider blocked the prompt: "u8, reason.Text);
        }
    }

    private JsonOut Begin(IBufferWriter<byte> output, long choice)
    {
        var json = BeginChunk(output);
        json.BeginObject();
        json.Member("index"u8, choice);
        json.Name("delta"u8);
        json.BeginObject();
        return json;
    }

    private static void End(JsonOut json, IBufferWriter<byte> output, ReadOnlySpan<byte> reason = default, JsonValue candidate = default)
    {
        json.EndObject();
        GeminiLogprobs.WriteMember(json, candidate);
        json.Member("finish_reason"u8, reason.IsEmpty ? "null"u8 : reason);
        json.EndObject();
        json.EndArray();
        EndChunk(json, output);
    }

    // The head ends inside "choices":[, where nothing has been written yet.
    private JsonOut BeginChunk(IBufferWriter<byte> output)
    {
        Learn(default);
        output.Write("data: "u8);
        output.Write(_head);
        return new JsonOut(output);
    }

    private static void EndChunk(JsonOut json, IBufferWriter<byte> output)
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
        if (id.Text.IsEmpty)
        {
            json.Text(options.RequestId);
        }
        else
        {
            json.Raw(id.Raw);
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
