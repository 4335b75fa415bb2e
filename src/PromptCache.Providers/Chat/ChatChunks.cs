using System.Buffers;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>Writes chat-completion chunks as server-sent events: those that every protocol has, and the frame for a delta of its own.</summary>
internal sealed class ChatChunks(ResponseTranslation options)
{
    private byte[] _head = [];

    /// <summary>Learns the response's id; the first call counts.</summary>
    public void Learn(JsonValue id)
    {
        if (_head.Length > 0)
        {
            return;
        }

        // It ends inside "choices":[, where nothing has been written yet.
        using var head = new PooledBytes();
        ChatFrame.Begin(new JsonOut(head), "\"chat.completion.chunk\""u8, id, options);
        _head = head.Span.ToArray();
    }

    /// <summary>A choice's first chunk: who speaks.</summary>
    public void Role(IBufferWriter<byte> output, long choice = 0)
    {
        var json = BeginDelta(output, choice);
        json.Member("role"u8, "\"assistant\""u8);
        json.Member("content"u8, "\"\""u8);
        End(json, output);
    }

    /// <summary>Text under a name: content, reasoning or refusal; nothing where there is none.</summary>
    public void Text(IBufferWriter<byte> output, ReadOnlySpan<byte> name, JsonValue text, long choice = 0)
    {
        if (text.Text.IsEmpty)
        {
            return;
        }

        var json = BeginDelta(output, choice);
        json.Member(name, text.Raw);
        End(json, output);
    }

    /// <summary>The chunk that says why generation stopped; <paramref name="reason"/> is quoted.</summary>
    public void Finish(IBufferWriter<byte> output, ReadOnlySpan<byte> reason, long choice = 0) => End(BeginDelta(output, choice), output, reason);

    /// <summary>The chunk with the figures and without choices.</summary>
    public void Usage(IBufferWriter<byte> output, IChatUsage usage)
    {
        ChatFrame.End(Begin(output), usage);
        output.Write("\n\n"u8);
    }

    /// <summary>The last event of a stream that is whole.</summary>
    public static void Done(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    /// <summary>Begins a chunk; what follows stands inside its only choice's <c>delta</c>.</summary>
    public JsonOut BeginDelta(IBufferWriter<byte> output, long choice = 0)
    {
        var json = Begin(output);
        json.BeginObject();
        json.Member("index"u8, choice);
        json.Name("delta"u8);
        json.BeginObject();
        return json;
    }

    /// <summary>Closes the delta and its chunk; <paramref name="reason"/> is quoted.</summary>
    public static void End(JsonOut json, IBufferWriter<byte> output, ReadOnlySpan<byte> reason = default)
    {
        EndDelta(json);
        EndChoice(json, output, reason);
    }

    /// <summary>Closes the delta only; what follows stands beside it in the choice.</summary>
    public static void EndDelta(JsonOut json) => json.EndObject();

    /// <summary>Closes the choice and its chunk; <paramref name="reason"/> is quoted.</summary>
    public static void EndChoice(JsonOut json, IBufferWriter<byte> output, ReadOnlySpan<byte> reason = default)
    {
        json.Member("finish_reason"u8, reason.IsEmpty ? "null"u8 : reason);
        json.EndObject();
        ChatFrame.End(json);
        output.Write("\n\n"u8);
    }

    private JsonOut Begin(IBufferWriter<byte> output)
    {
        Learn(default);
        output.Write("data: "u8);
        output.Write(_head);
        return new JsonOut(output);
    }
}
